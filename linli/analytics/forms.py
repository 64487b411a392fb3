"""What figures are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.analytics.choices import By
from linli.kit.shapes import DayField


class FiguresForm(forms.Form):
    """A breakdown and a span of days; an empty field does not narrow."""

    by = forms.ChoiceField(label=gettext_lazy("By"), choices=By.choices, required=False)
    since = DayField(
        label=gettext_lazy("Reported from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = DayField(
        label=gettext_lazy("Reported until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def clean_by(self) -> str:
        """Return the breakdown; offices if none is asked for."""
        return self.cleaned_data["by"] or By.OFFICE.value

    def clean(self) -> dict[str, Any]:
        """Refuse a span that ends before it begins."""
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return data
