"""A town's own terms for a category."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.choices import Publicity, Urgency
from linli.cases.forms.fields import LimitField
from linli.kit.shapes import DayField, LineField

LIMIT_HELP = _(
    "A number and a unit: m minutes, h hours, wh working hours, wd working days, d days."
)


class LocalRuleForm(forms.Form):
    """From which day on which terms hold, and why."""

    valid_from = DayField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices)
    respond = LimitField(label=_("First response within"), max_length=8, help_text=LIMIT_HELP)
    dispose = LimitField(label=_("Handled within"), max_length=8)
    publicity = forms.ChoiceField(label=_("Shown on the public map"), choices=Publicity.choices)
    reason = LineField(label=_("Why (everybody reads this)"), max_length=200)

    def clean(self) -> dict[str, Any]:
        """Pass the terms as one value."""
        data = super().clean() or {}
        if self.errors:
            return data
        return {
            "valid_from": data.pop("valid_from"),
            "reason": data.pop("reason"),
            "terms": data,
        }
