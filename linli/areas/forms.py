"""Input of the pages of areas."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Kind
from linli.areas.models import Area
from linli.areas.queries import answering
from linli.areas.queries.listing import list_areas
from linli.areas.rules.shapes import MAX_BYTES
from linli.kit.coordinates import Crs
from linli.kit.shapes import DayField, LineField, TextField
from linli.offices.models import Actor
from linli.offices.queries import list_offices, today

Choices = list[tuple[str, str]]


class DayInput(forms.DateInput):
    """A browser's date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _areas(actor: Actor, *kinds: str) -> Choices:
    areas = list_areas(actor.township, today()).filter(kind__in=kinds).defer("geometry")
    return [(str(area.pk), f"{area.code} {area.name}") for area in areas]


def _offices(actor: Actor) -> Choices:
    offices = list_offices(actor.township, active=True)
    return [(str(office.pk), f"{office.code} {office.name}") for office in offices]


def _choice(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=required, help_text=help_text, coerce=UUID, empty_value=None
    )


class SearchForm(forms.Form):
    """Which areas a list shows."""

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("all")), *Kind.choices]
    )
    search = LineField(label=_("Name or code"), required=False, max_length=40)
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AreaForm(forms.Form):
    """A new area, or one as it is to be."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    code = LineField(label=_("Code"), max_length=40)
    any_code = forms.BooleanField(
        label=_("The code may look different from the pattern of this kind"), required=False
    )
    name_zh = LineField(label=_("Name in Chinese"), max_length=120)
    name_en = LineField(label=_("Name in English"), max_length=120, required=False)
    parent = _choice(_("Lies in"), required=False)
    contact_phone = LineField(
        label=_("Public phone"),
        max_length=40,
        required=False,
        help_text=_("An office's number that everybody may see, never a private one."),
    )
    geometry = TextField(
        label=_("Shape as GeoJSON"),
        required=False,
        help_text=_("A Polygon or MultiPolygon. Leave it empty to keep the shape as it is."),
    )
    crs = forms.ChoiceField(label=_("Coordinates of the shape"), choices=Crs.choices)

    def __init__(self, *args: Any, actor: Actor, area: Area | None = None, **kwargs: Any) -> None:
        if area:
            names = ("version", "kind", "code", "name_zh", "name_en", "contact_phone")
            known = {name: getattr(area, name) for name in names}
            kwargs["initial"] = {**known, "parent": area.parent_id}
        super().__init__(*args, **kwargs)
        parents = _areas(actor, Kind.TOWNSHIP, Kind.VILLAGE)
        self.fields["parent"].choices = [("", "—"), *parents]  # type: ignore[attr-defined]  # a choice
        if area:
            self.fields["kind"].disabled = True


class OverForm(forms.Form):
    """Something ends."""

    over_from = DayField(label=_("Over from"), widget=DayInput(), initial=today)


class LastDayForm(forms.Form):
    """An admission ends early."""

    last_day = DayField(label=_("Last day"), widget=DayInput(), initial=today)


class ImportForm(forms.Form):
    """A file with areas, and how to read it."""

    file = forms.FileField(
        label=_("GeoJSON file"), help_text=_("A FeatureCollection, packed with gzip or not.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.GRID)
    code = LineField(label=_("Property with the code"), max_length=60, initial="code")
    name = LineField(label=_("Property with the name"), max_length=60, initial="name_zh")
    name_en = LineField(label=_("Property with the English name"), max_length=60, required=False)
    parent = LineField(
        label=_("Property with the code of the area around it"), max_length=60, required=False
    )
    crs = forms.ChoiceField(label=_("Coordinates"), choices=Crs.choices)
    any_code = forms.BooleanField(
        label=_("The codes may look different from the pattern of this kind"), required=False
    )
    town_name = LineField(
        label=_("Name of the township"),
        max_length=120,
        required=False,
        help_text=_("Only if the township itself has no area yet."),
    )
    dry_run = forms.BooleanField(
        label=_("Only show what would happen"), required=False, initial=True
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            sentence = _("This file is larger than %(size)d MB. Please split it.")
            raise forms.ValidationError(sentence % {"size": MAX_BYTES // 1024 // 1024})
        return file


class RuleForm(forms.Form):
    """A row of the responsibility matrix."""

    category = LineField(
        label=_("Matter"),
        max_length=4,
        required=False,
        help_text=_("Two digits for a group, four for one kind; empty for every matter."),
    )
    area = _choice(_("Place"), required=False, help_text=_("Empty for the whole township."))
    lead = _choice(_("Lead office"))
    supports = forms.TypedMultipleChoiceField(
        label=_("Supporting offices"), required=False, coerce=UUID
    )
    valid_from = DayField(label=_("From"), widget=DayInput(), initial=today)
    note = LineField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = {
            "area": [("", "—"), *_areas(actor, Kind.VILLAGE, Kind.GRID)],
            "lead": _offices(actor),
            "supports": _offices(actor),
        }
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]  # they are choices


class AdmissionForm(forms.Form):
    """A matter for the list of what may be given to grid workers."""

    category = LineField(
        label=_("Matter"), max_length=4, help_text=_("Two digits for a group, four for one kind.")
    )
    basis = LineField(
        label=_("Basis"), max_length=300, help_text=_("The rule or decision that allows it.")
    )
    owner = _choice(_("Office that owns the task"))
    valid_from = DayField(label=_("From"), widget=DayInput(), initial=today)
    expires_on = DayField(label=_("Last day"), widget=DayInput())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = _offices(actor)  # type: ignore[attr-defined]  # a choice


class BeatForm(forms.Form):
    """Somebody answers for an area."""

    post = _choice(_("Post"))
    valid_from = DayField(label=_("From"), widget=DayInput(), initial=today)

    def __init__(self, *args: Any, area: Area, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = answering.list_posts_for(area, today())
        self.fields["post"].choices = [  # type: ignore[attr-defined]  # a choice
            (str(post.pk), str(post)) for post in posts
        ]
