"""One shape for page and API: a Django form, and the JSON schema made from it."""

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, NoReturn, TypeVar, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Schema
from pydantic import Field, create_model

from linli.kit import text
from linli.kit.errors import Invalid

Done = TypeVar("Done")
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


class LineField(forms.CharField):
    """One line of text, cleaned as `kit.text` says."""

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text on one line; ValidationError for what cannot be stored."""
        cleaned = super().to_python(value)
        return " ".join(text.clean(cleaned).split()) if cleaned else cleaned


class TextField(forms.CharField):
    """Several lines of text, cleaned as `kit.text` says."""

    widget = forms.Textarea(attrs={"rows": 4})

    def to_python(self, value: Any) -> Any:
        """Return the cleaned text; ValidationError for what cannot be stored."""
        cleaned = super().to_python(value)
        return text.clean(cleaned) if cleaned else cleaned


class DayField(forms.DateField):
    """A day that calendars, both databases and time zones can handle."""

    default_validators = [MinValueValidator(FIRST), MaxValueValidator(LAST)]


class MomentField(forms.DateTimeField):
    """A moment that calendars, both databases and time zones can handle."""

    default_validators = [
        MinValueValidator(datetime(FIRST.year, 1, 1, tzinfo=UTC)),
        MaxValueValidator(datetime(LAST.year, 12, 31, tzinfo=UTC)),
    ]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _is_number(value: Any) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


_KINDS: tuple[tuple[type[forms.Field], Any, Callable[[Any], bool], Any], ...] = (
    (forms.BooleanField, bool, _is_flag, _("This must be true or false.")),
    (forms.DecimalField, float, _is_number, _("This must be a number.")),
    (forms.FloatField, float, _is_number, _("This must be a number.")),
    (forms.IntegerField, int, _is_whole, _("This must be a whole number.")),
    (forms.MultipleChoiceField, list[str], _is_texts, _("This must be a list of texts.")),
    (forms.ModelMultipleChoiceField, list[str], _is_texts, _("This must be a list of texts.")),
    (forms.Field, str, _is_text, _("This must be text.")),
)


def _kind(field: forms.Field) -> tuple[Any, Callable[[Any], bool], Any]:
    return next((python, fits, no) for kind, python, fits, no in _KINDS if isinstance(field, kind))


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
        python, *_rest = _kind(field)
        note = Field(
            ... if field.required else None,
            description=str(field.help_text or field.label or key),
            max_length=getattr(field, "max_length", None) if python is str else None,
        )
        fields[key] = (python if field.required else python | None, note)
    return create_model(name, __base__=Schema, **fields)


def offer(form: forms.Form, name: str, rows: models.QuerySet[Any]) -> None:
    """Let a field of a form choose among these rows."""
    cast("forms.ModelChoiceField[Any]", form.fields[name]).queryset = rows


def read(form: forms.Form) -> dict[str, Any]:
    """Return the cleaned data of a bound form; Invalid with a sentence per field otherwise."""
    if form.is_valid():
        return form.cleaned_data
    raise Invalid({key: [str(line) for line in lines] for key, lines in form.errors.items()})


def attempt(form: forms.Form, verb: Callable[..., Done], **arguments: Any) -> Done | None:
    """Do `verb` with what a page's form holds; None where it is wrong, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return verb(**arguments, **form.cleaned_data)
    except Invalid as error:
        for name, sentences in error.fields.items():
            form.add_error(name if name in form.fields else None, list(sentences))
        if not error.fields:
            form.add_error(None, str(error))
        return None


def from_json(form: type[forms.Form], body: Any, **arguments: Any) -> dict[str, Any]:
    """Read a JSON body through the form that the page uses; null counts as absent.

    Args:
        form: the form class.
        body: what the JSON said: an object, or it is refused.
        arguments: what else the form takes.
    """
    if not isinstance(body, Mapping):
        raise Invalid(message=_("Send one JSON object with the fields of this form."))
    data = {key: body[key] for key in form.base_fields if body.get(key) is not None}
    faults = {
        key: [sentence] for key, value in data.items() if (sentence := _fault(form, key, value))
    }
    if faults:
        raise Invalid(faults)
    return read(form(data=data, **arguments))


def _fault(form: type[forms.Form], key: str, value: Any) -> str:
    _python, fits, sentence = _kind(form.base_fields[key])
    if not fits(value):
        return str(sentence)
    try:
        for part in value if isinstance(value, list) else [value]:
            text.refuse_unstorable(str(part))
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def parse_json(body: bytes) -> Any:
    """Return what JSON in UTF-8 says; ValueError or RecursionError for what cannot be stored."""
    said = json.loads(body.decode(), parse_constant=_refuse_constant, parse_float=_finite)
    if b"\\ud" in body.lower():
        json.dumps(said, ensure_ascii=False).encode()
    return said


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _refuse_constant(digits)


def read_json(request: HttpRequest) -> Any:
    """Return the JSON body of a request; an empty body counts as an empty object.

    Raises:
        Invalid: 422, the body is not JSON in UTF-8.
    """
    if not request.body:
        return {}
    try:
        return parse_json(request.body)
    except (ValueError, RecursionError) as error:
        raise Invalid(message=_("The body is not JSON in UTF-8. Send one JSON object.")) from error


def documented(form: type[forms.Form], name: str) -> dict[str, Any]:
    """Return the OpenAPI of a request body that `from_json` reads through `form`."""
    schema = schema_of(form, name).model_json_schema()
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}
