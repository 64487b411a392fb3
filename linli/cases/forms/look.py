"""Why somebody needs to see a sealed contact."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kit.shapes import LineField


class LookForm(forms.Form):
    """The reason for a look."""

    reason = LineField(
        label=_("Why you need it"),
        min_length=4,
        max_length=200,
        help_text=_("It stays in the trail under your name. Write no personal data here."),
    )
