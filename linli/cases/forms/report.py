"""The shape of a report, from a page or a program."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.cases.choices import Channel, Urgency
from linli.cases.forms.fields import CategoryField, PhotosField
from linli.cases.models.catalogue import Category
from linli.cases.services.intake import Contact, Place, Report
from linli.kit.coordinates import Crs
from linli.kit.errors import Unreadable
from linli.kit.shapes import LineField, TextField, offer
from linli.offices.models import Actor
from linli.privacy.errors import SealBroken
from linli.privacy.models import seal, unseal

PHONE = r"^\+?[0-9][0-9 \-]{4,19}$"
_SEALED, _PLACE = "again", "cases.report.again"


def sealed(typed: QueryDict) -> str:
    """Return what was typed so that only the same form can open it: a page may carry it back."""
    kept = typed.copy()
    kept.pop("csrfmiddlewaretoken", None)
    return seal(kept.urlencode(), _PLACE)


def _opened(data: Any) -> Any:
    """Return what was typed, where it comes back under seal; else the data as they are."""
    if not data or _SEALED not in data:
        return data
    try:
        typed = QueryDict(unseal(data[_SEALED], _PLACE), mutable=True)
    except SealBroken as error:
        raise Unreadable from error
    typed["calm"] = data.get("calm", "")
    return typed


class ReportForm(forms.Form):
    """A report in three parts: where, what, who (if they like)."""

    village = forms.ModelChoiceField(
        Area.objects.none(), label=_("Village"), required=False, empty_label=_("not sure")
    )
    address = LineField(
        label=_("Address or landmark"),
        max_length=200,
        required=False,
        help_text=_("For example: 50 m east of the primary school gate"),
    )
    lng = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    crs = forms.ChoiceField(
        label=_("Coordinates from"), choices=Crs.choices, required=False, widget=forms.HiddenInput
    )
    category = CategoryField(Category.objects.none(), label=_("What is it about"))
    text = TextField(label=_("What happened"), max_length=4000, min_length=2)
    name = LineField(label=_("Your name"), max_length=60, required=False)
    phone = forms.RegexField(
        PHONE,
        label=_("Telephone"),
        max_length=20,
        required=False,
        error_messages={"invalid": _("Enter a telephone number with digits only.")},
    )
    email = forms.EmailField(label=_("E-mail"), max_length=200, required=False)
    wants_email = forms.BooleanField(label=_("Send me each step by e-mail"), required=False)
    consent = forms.BooleanField(
        label=_("I agree that my contact is used for this request, and erased afterwards"),
        required=False,
    )
    client_id = LineField(required=False, max_length=64, widget=forms.HiddenInput)
    calm = forms.BooleanField(
        label=_("Nobody is in danger (any more)"), required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, data: Any = None, *args: Any, actor: Actor | None = None, **kwargs: Any
    ) -> None:
        super().__init__(_opened(data), *args, **kwargs)
        if actor is not None:
            self.staff = actor.may("report")
            villages = Area.objects.filter(
                township=actor.township, kind="village", valid_to__isnull=True
            )
            offer(self, "village", villages)
            reporter = "staff" if self.staff else "public"
            categories = Category.objects.open_to(reporter)
            offer(self, "category", categories)

    def clean(self) -> dict[str, Any]:
        """Ask for a place in some form, and for whole points; return the report as one value."""
        data = super().clean() or {}
        point = (data.get("lng"), data.get("lat"))
        if (point[0] is None) != (point[1] is None):
            self.add_error(None, _("The point is incomplete. Choose the place again."))
        if not (data.get("village") or data.get("address") or point[0] is not None):
            self.add_error("address", _("Say where: a village, an address, or a point."))
        return data if self.errors else {"what": self._report(data)}

    def _report(self, data: dict[str, Any]) -> Report:
        village = data["village"]
        return Report(
            category=data["category"].pk,
            text=data["text"],
            place=Place(
                lng=data["lng"],
                lat=data["lat"],
                crs=data["crs"] or Crs.WGS84,
                address=data["address"],
                village=village.pk if village else None,
            ),
            contact=Contact(
                name=data["name"],
                phone=data["phone"],
                email=data["email"],
                wants_email=data["wants_email"],
                consent=data["consent"],
                language=get_language() or "zh-hans",
            ),
            channel=data.get("channel") or Channel.WEB,
            urgency=data.get("urgency") or "",
            client_id=data["client_id"],
            calm=data["calm"],
        )


class StaffReportForm(ReportForm):
    """A report that somebody of the staff writes down: how it came, and how soon."""

    channel = forms.ChoiceField(
        label=_("How it came"),
        choices=[(one.value, one.label) for one in (Channel.COUNTER, Channel.PHONE, Channel.GRID)],
        required=False,
    )
    urgency = forms.ChoiceField(
        label=_("Urgency"),
        choices=[("", _("as the category says")), *Urgency.choices],
        required=False,
    )


class WriteDownForm(StaffReportForm):
    """What somebody of the staff writes down; a small thing may have been handled on the spot."""

    before = TextField(label=_("What was found"), max_length=4000, required=False)
    after = TextField(label=_("What was done"), max_length=4000, required=False)

    def __init__(self, *args: Any, actor: Actor | None = None, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        if actor is not None and not actor.may("settle"):
            del self.fields["before"], self.fields["after"]

    def clean(self) -> dict[str, Any]:
        """Ask for both halves of handling on the spot, or for none."""
        before, after = self.cleaned_data.get("before", ""), self.cleaned_data.get("after", "")
        if bool(before) != bool(after):
            missing = "after" if before else "before"
            self.add_error(missing, _("Say both what was found and what was done."))
        data = super().clean()
        return data if self.errors else {**data, "before": before, "after": after}


class PhotosForm(forms.Form):
    """Photos that come with words."""

    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Up to four. Position data in photos is removed."),
    )


class LookupForm(forms.Form):
    """Number and code of a report."""

    number = LineField(label=_("Number"), max_length=20)
    code = LineField(label=_("Look-up code"), max_length=20)
