"""Fields that several forms of cases share."""

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from linli.cases.models.catalogue import Category
from linli.documents.choices import PICTURES
from linli.duties.rules.clocks import Limit
from linli.kit.errors import Invalid
from linli.kit.shapes import LineField

if TYPE_CHECKING:
    _Iterator = ModelChoiceIterator[Category]
    _Choice = forms.ModelChoiceField[Category]
else:
    _Iterator, _Choice = ModelChoiceIterator, forms.ModelChoiceField


class _ByGroup(_Iterator):
    """Gives the categories under the names of their groups."""

    field: "CategoryField"

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        rows = self.queryset.select_related("group").order_by("code")
        for group, categories in groupby(rows, key=lambda one: one.group):
            yield group.name, [self.choice(one) for one in categories]


class CategoryField(_Choice):
    """A category of the catalogue, chosen from a list by group."""

    iterator = _ByGroup

    def __init__(self, queryset: Any = None, **kwargs: Any) -> None:
        if queryset is None:
            queryset = Category.objects.filter(active=True)
        kwargs.setdefault(
            "empty_label", _("Please choose") if kwargs.get("required", True) else "—"
        )
        super().__init__(queryset, **kwargs)


class LimitField(LineField):
    """A limit such as 4wh or 15d."""

    def validate(self, value: Any) -> None:
        """Ask the grammar of limits."""
        super().validate(value)
        if not value:
            return
        try:
            Limit.parse(value)
        except Invalid as error:
            raise ValidationError(error.fields["limit"]) from None


class _Photos(forms.FileInput):
    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos in one field; each is looked at by itself, after the words are safe."""

    widget = _Photos(attrs={"accept": ",".join(sorted(PICTURES)), "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files as they came, or nothing."""
        return [one for one in data or [] if one]
