"""Input of the pages of duties."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kit.shapes import DayField, LineField, TextField


class OrderForm(forms.Form):
    """A supervision order."""

    text = LineField(
        label=_("What the office is to answer"),
        max_length=500,
        help_text=_("For example: why this is late, what is done next, and by when."),
    )


class ReplyForm(forms.Form):
    """The reply to a supervision order."""

    text = TextField(label=_("Reply"), max_length=2000)


class HangForm(forms.Form):
    """A problem is hung up."""

    condition = LineField(
        label=_("What takes it off the list"),
        max_length=500,
        help_text=_("Everybody can read this. No names, please."),
    )


class LiftForm(forms.Form):
    """A problem is taken off."""

    note = LineField(label=_("How the condition was fulfilled"), max_length=500)


class WantedForm(forms.Form):
    """The filters of the worklist."""

    step = LineField(required=False, max_length=30)
    office = forms.UUIDField(required=False)
    urgency = forms.RegexField(r"P[1-4]", required=False)
    late = forms.BooleanField(required=False)
    after = LineField(required=False, max_length=80)


class DayForm(forms.Form):
    """One day of the calendar."""

    day = DayField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    working = forms.TypedChoiceField(
        label=_("On this day offices"),
        choices=[("Y", _("work")), ("N", _("do not work"))],
        coerce=lambda value: value == "Y",
    )
    name = LineField(label=_("Occasion"), max_length=40, required=False)


class CalendarFileForm(forms.Form):
    """A file with the days of a year."""

    file = forms.FileField(
        label=_("Calendar file"),
        help_text=_("TSV, CSV or XLSX: date, Y or N, name; one line for each special day."),
    )
    dry_run = forms.BooleanField(
        label=_("Only show what would change"), required=False, initial=True
    )
