"""The filter that list, map, export, print and figures share."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.cases.choices import State, Urgency
from linli.cases.forms.fields import CategoryField
from linli.cases.models.catalogue import Category, Group
from linli.kit.shapes import DayField, LineField, offer
from linli.offices.models import Actor, Office

DUE = [
    ("", _("any deadline")),
    ("late", _("late")),
    ("soon", _("due soon")),
    ("today", _("due today")),
]
_DAY = forms.DateInput(attrs={"type": "date"})
STATES = [("", _("open")), ("all", _("all")), *State.choices]


class FilterForm(forms.Form):
    """What to show; an empty field does not filter."""

    state = forms.ChoiceField(label=_("State"), choices=STATES, required=False)
    category = CategoryField(Category.objects.all(), label=_("Category"), required=False)
    group = forms.ModelChoiceField(Group.objects.all(), label=_("Group"), required=False)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Village or grid"), required=False)
    office = forms.ModelChoiceField(Office.objects.none(), label=_("Office"), required=False)
    urgency = forms.ChoiceField(
        label=_("Urgency"), choices=[("", _("any urgency")), *Urgency.choices], required=False
    )
    due = forms.ChoiceField(label=_("Deadline"), choices=DUE, required=False)
    text = LineField(label=_("Words or number"), max_length=80, required=False)
    since = DayField(label=_("Reported from"), required=False, widget=_DAY)
    until = DayField(label=_("Reported until"), required=False, widget=_DAY)

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor is not None:
            areas = Area.objects.filter(township=actor.township)
            offices = Office.objects.filter(township=actor.township)
            offer(self, "area", areas)
            offer(self, "office", offices)
