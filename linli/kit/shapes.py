"""One shape for page and API: a Django form, and the JSON schema made from it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from ninja import Schema
from pydantic import Field, create_model

from linli.kit import text
from linli.kit.errors import Invalid


class LineField(forms.CharField):
    """One line of text, cleaned as `kit.text` says."""

    def to_python(self, value: Any) -> Any:
        """Return the cleaned line; ValidationError for what cannot be stored or has several lines."""
        if value is not None and not isinstance(value, str):
            value = str(value)
        cleaned = super().to_python(value)
        return " ".join(text.clean(cleaned).split()) if cleaned else cleaned


class TextField(forms.CharField):
    """Several lines of text, cleaned as `kit.text` says."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text; ValidationError for what cannot be stored."""
        if value is not None and not isinstance(value, str):
            value = str(value)
        cleaned = super().to_python(value)
        return text.clean(cleaned) if cleaned else cleaned


_TYPES: tuple[tuple[type[forms.Field], Any], ...] = (
    (forms.BooleanField, bool),
    (forms.IntegerField, int),
    (forms.DecimalField, float),
    (forms.FloatField, float),
    (forms.MultipleChoiceField, list[str]),
    (forms.ModelMultipleChoiceField, list[str]),
)


def _type_of(field: forms.Field) -> Any:
    if type(field) is forms.FloatField:
        return float
    return next((python for kind, python in _TYPES if isinstance(field, kind)), str)


def schema_of(form: type[forms.Form], name: str) -> type[Schema]:
    """Return the JSON schema of a form: what the API documents and reads.

    Args:
        form: a form class without required arguments.
        name: the schema's name in OpenAPI.
    """
    fields: dict[str, Any] = {}
    for key, field in form.base_fields.items():
        if isinstance(field, forms.FileField):
            continue
        kind = _type_of(field)
        note = Field(
            ... if field.required else None,
            description=str(field.help_text or field.label or key),
            max_length=getattr(field, "max_length", None) if kind is str else None,
        )
        fields[key] = (kind if field.required else kind | None, note)
    return create_model(name, __base__=Schema, **fields)


def read(form: forms.Form) -> dict[str, Any]:
    """Return the cleaned data of a bound form; Invalid with a sentence per field otherwise."""
    if form.is_valid():
        return form.cleaned_data
    raise Invalid({key: [str(line) for line in lines] for key, lines in form.errors.items()})


def from_json(form: type[forms.Form], body: Mapping[str, Any], **arguments: Any) -> dict[str, Any]:
    """Read a JSON body through the form that the page uses."""
    data = {key: "" if value is None else value for key, value in body.items()}
    for key, value in data.items():
        if isinstance(value, str):
            try:
                value.encode()
            except UnicodeEncodeError as error:
                raise Invalid({key: [str(sentence) for sentence in _unstorable(value)]}) from error
    return read(form(data=data, **arguments))


def _unstorable(value: str) -> list[str]:
    try:
        text.clean(value)
    except ValidationError as error:
        return list(error.messages)
    return []
