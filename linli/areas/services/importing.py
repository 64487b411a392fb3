"""The verb that reads areas from a GeoJSON file: by code, with a report, as often as wanted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, cast

import shapely
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from linli.areas.choices import Kind, What
from linli.areas.models import Area, AreaSet
from linli.areas.rules import tiling
from linli.areas.rules.drafts import Draft
from linli.areas.rules.shapes import Shape, Surface, read_features, read_shape, read_text
from linli.areas.services import saving
from linli.audit.services import Line
from linli.kit import text
from linli.kit.coordinates import Crs
from linli.kit.errors import Invalid
from linli.offices.models import Actor
from linli.offices.queries import today

_LENGTHS = {"code": 40, "name_zh": 120, "name_en": 120, "parent": 40}


@dataclass(frozen=True)
class Source:
    """How to read a file.

    Args:
        kind: what its features are.
        code, name, name_en, parent: the properties that hold these; empty for none.
        crs: the coordinate system of its numbers.
        any_code: codes need not look as `data/codes.toml` says.
        town_name: names the township where it has no area yet.
    """

    kind: str
    code: str
    name: str
    name_en: str = ""
    parent: str = ""
    crs: str = Crs.WGS84
    any_code: bool = False
    town_name: str = ""


@dataclass(frozen=True)
class Finding:
    """Something the reader of a report should look at.

    Args:
        what: one of `choices.What`.
        where: the code, or the number of a feature without one.
        share: of an area, for overlaps and gaps.
    """

    what: str
    where: str
    sentence: str
    share: float | None = None

    @property
    def label(self) -> str:
        """What it is, in the reader's language."""
        return str(What(self.what).label)

    @property
    def percent(self) -> str:
        """The share for people; empty where there is none."""
        return f"{self.share:.1%}" if self.share is not None else ""


@dataclass
class Report:
    """What an import did, or would do."""

    made: int = 0
    changed: int = 0
    same: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings there are of each kind."""
        return Counter(finding.what for finding in self.findings)

    def add(self, what: str, where: str, sentence: Any, share: float | None = None) -> None:
        """Note a finding."""
        self.findings.append(Finding(str(what), where, str(sentence), share))

    def as_dict(self) -> dict[str, Any]:
        """Return the report for a file."""
        return {**asdict(self), "counts": dict(self.counts)}


@transaction.atomic
def import_areas(data: bytes, source: Source, *, actor: Actor, dry_run: bool = False) -> Report:
    """Make or change the areas of a GeoJSON file, in the actor's township, found by their code.

    A feature that cannot be used is left out and named; areas that the file lacks stay as they are.

    Args:
        data: a FeatureCollection, gzipped or not.
        dry_run: only report.
    """
    town = saving.begin(actor)
    report = Report()
    plan = _Plan(source, actor, report)
    for number, feature in enumerate(read_features(data), start=1):
        plan.take(number, feature)
    plan.look_at_tiling()
    if not dry_run:
        plan.carry_out(town)
    return report


class _Plan:
    """What an import is going to do."""

    def __init__(self, source: Source, actor: Actor, report: Report) -> None:
        self.source, self.actor, self.report = source, actor, report
        live = Area.objects.filter(township=actor.township, valid_to__isnull=True)
        self.town = live.filter(kind=Kind.TOWNSHIP).first()
        self.known = {
            area.code: area for area in live.filter(kind=source.kind).select_related("parent")
        }
        parents = Kind.VILLAGE if source.kind == Kind.GRID else Kind.TOWNSHIP
        self.parents = {area.code: area for area in live.filter(kind=parents)}
        self.drafts: dict[str, Draft] = {}
        self.codes_of_shape: dict[bytes, str] = {}
        if self.town is None and source.kind != Kind.TOWNSHIP and not source.town_name:
            sentence = _("This township has no area yet. Say its name, so that it can be made.")
            raise Invalid({"town_name": [sentence]})

    def take(self, number: int, feature: Mapping[str, Any]) -> None:
        """Read one feature; leave it out with a sentence where it cannot be used."""
        where = f"#{number}"
        try:
            words = self._words(feature)
            where = words["code"] or where
            if words["code"] in self.drafts:
                sentence = _(
                    "An earlier feature of this file has the same code; this one is left out."
                )
                self.report.add(What.DUPLICATE, where, sentence)
                return
            shape = read_shape(feature.get("geometry"), self.source.crs)
            draft = self._draft(words, shape)
            known = self.known.get(draft.code)
            draft.check(self.actor.township, known)
            if known is None:
                saving.check_code(draft, self.actor.township, today())
        except Invalid as error:
            sentences = [sentence for lines in error.fields.values() for sentence in lines]
            self.report.add(What.LEFT_OUT, where, " ".join(sentences))
            return
        self._note(draft, shape)

    def _words(self, feature: Mapping[str, Any]) -> dict[str, str]:
        properties = feature.get("properties")
        if not isinstance(properties, dict):
            raise Invalid({"properties": [_("This feature has no properties.")]})
        source = self.source
        names = {
            "code": source.code,
            "name_zh": source.name,
            "name_en": source.name_en,
            "parent": source.parent,
        }
        return {key: _word(properties, name, _LENGTHS[key]) for key, name in names.items()}

    def _draft(self, words: Mapping[str, str], shape: Shape) -> Draft:
        known = self.known.get(words["code"])
        return Draft(
            kind=self.source.kind,
            code=words["code"],
            name_zh=words["name_zh"],
            name_en=words["name_en"] if self.source.name_en or not known else known.name_en,
            parent=self._parent(words["parent"], known),
            contact_phone=known.contact_phone if known else "",
            shape=shape,
            any_code=self.source.any_code,
        )

    def _parent(self, code: str, known: Area | None) -> Area | None:
        if self.source.kind == Kind.TOWNSHIP:
            return None
        if self.source.parent:
            if code not in self.parents:
                sentence = _(
                    "There is no area with the code %(code)s around it. Import that first."
                )
                raise Invalid({"parent": [sentence % {"code": code or "–"}]})
            return self.parents[code]
        return (known.parent if known else None) or self.town

    def _note(self, draft: Draft, shape: Shape) -> None:
        self.drafts[draft.code] = draft
        if shape.repaired:
            self.report.add(What.REPAIRED, draft.code, shape.repaired)
        twin = self.codes_of_shape.setdefault(shapely.normalize(shape.surface).wkb, draft.code)
        if twin != draft.code:
            sentence = _("It has the same shape as %(code)s.") % {"code": twin}
            self.report.add(What.DUPLICATE, draft.code, sentence)
        known = self.known.get(draft.code)
        if known is None:
            self.report.made += 1
        elif saving.differences(known, draft):
            self.report.changed += 1
        else:
            self.report.same += 1

    def look_at_tiling(self) -> None:
        """Report overlaps and gaps of what would then be live."""
        shapes = self._shapes()
        if self.source.kind == Kind.TOWNSHIP or not shapes:
            return
        for code, other, share in tiling.overlaps(shapes):
            sentence = _("It overlaps %(code)s.") % {"code": other}
            self.report.add(What.OVERLAP, code, sentence, share)
        town = read_text(self.town.geometry).surface if self.town and self.town.geometry else None
        for (lng, lat), share in tiling.gaps(shapes, town):
            place = f"{lng:.6f}, {lat:.6f}"
            self.report.add(What.GAP, place, _("No area covers this place of the town."), share)

    def _shapes(self) -> dict[str, Surface]:
        kept = {
            code: read_text(area.geometry).surface
            for code, area in self.known.items()
            if area.geometry and code not in self.drafts
        }
        new = {code: draft.shape.surface for code, draft in self.drafts.items() if draft.shape}
        return kept | new

    def carry_out(self, town: AreaSet) -> None:
        """Write it, the township first."""
        lines = self._make_town() if self.drafts else []
        for code, draft in self.drafts.items():
            lines.extend(self._write(self.known.get(code), draft))
        if lines:
            saving.announce(town, lines, self.actor)

    def _make_town(self) -> list[Line]:
        if self.town or self.source.kind == Kind.TOWNSHIP:
            return []
        whole = cast(Surface, shapely.union_all(list(self._shapes().values())))
        town = Draft(
            kind=Kind.TOWNSHIP,
            code=self.actor.township,
            name_zh=self.source.town_name,
            shape=Shape(whole),
        )
        town.check(self.actor.township)
        self.town, line = saving.make(town, self.actor)
        return [line]

    def _write(self, known: Area | None, draft: Draft) -> list[Line]:
        if draft.parent is None and draft.kind != Kind.TOWNSHIP:
            draft = replace(draft, parent=self.town)  # it was made a moment ago
        if known is None:
            return [saving.make(draft, self.actor)[1]]
        line = saving.change(known, draft)
        return [line] if line else []


def _word(properties: Mapping[str, Any], name: str, length: int) -> str:
    """Return a property as one clean line; Invalid where it is missing or cannot be used."""
    if not name:
        return ""
    value = properties.get(name)
    if value is None or value == "":
        raise Invalid({name: [_("The property %(name)s is missing or empty.") % {"name": name}]})
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid(
            {name: [_("The property %(name)s is neither text nor number.") % {"name": name}]}
        )
    try:
        word = " ".join(text.clean(str(value)).split())
    except ValidationError as error:
        raise Invalid({name: list(error.messages)}) from error
    if len(word) > length:
        sentence = _("The property %(name)s is longer than %(length)d characters.")
        raise Invalid({name: [sentence % {"name": name, "length": length}]})
    return word
