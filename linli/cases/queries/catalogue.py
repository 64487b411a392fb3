"""The terms of a category in a town, and the office that answers for it at a place."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.areas.queries.answering import responsible
from linli.cases.models.case import Case
from linli.cases.models.catalogue import Category, Group, LocalRule
from linli.kit import clock
from linli.kit.data import read_tsv
from linli.kit.errors import Invalid, Unseen
from linli.offices.models import Office


@dataclass(frozen=True)
class Promise:
    """What a town promises for a category now."""

    category: Category
    urgency: str
    respond: str
    dispose: str
    publicity: str
    is_local: bool


@dataclass(frozen=True)
class Suggestion:
    """Who should lead and support, and why."""

    lead: Office | None
    supports: tuple[Office, ...]
    reason: str


def get_category(code: str, reporter: str) -> Category:
    """Return a category that `public` or `staff` may report; Invalid with a sentence otherwise."""
    category = Category.objects.open_to(reporter).select_related("group").filter(code=code).first()
    if category is None:
        raise Invalid({"category": [_("There is no such category. Choose one from the list.")]})
    return category


def get_promise(township: str, category: Category, urgency: str = "") -> Promise:
    """Return the town's own rule for a category where one has begun, else the catalogue's.

    Args:
        urgency: of the case; where it was corrected, the limits of `urgency.tsv` hold.
    """
    today = timezone.localdate(clock.now())
    local = (
        LocalRule.objects.filter(township=township, category=category, valid_from__lte=today)
        .order_by("-valid_from")
        .first()
    )
    promise = _promise(category, local)
    if urgency in {"", promise.urgency}:
        return promise
    terms = _URGENCIES[urgency]
    respond, dispose = terms["respond_default"], terms["dispose_default"]
    return replace(promise, urgency=urgency, respond=respond, dispose=dispose)


_URGENCIES = {row["code"]: row for row in read_tsv("linli.cases", "urgency.tsv")}


def _promise(category: Category, local: LocalRule | None) -> Promise:
    terms = local or category
    return Promise(
        category, terms.urgency, terms.respond, terms.dispose, terms.publicity, local is not None
    )


def list_promises(township: str, reporter: str = "") -> list[Promise]:
    """Return what a town promises for every category in use, in two queries.

    Args:
        reporter: only what `public` or `staff` may report; empty for all.
    """
    today = timezone.localdate(clock.now())
    begun = LocalRule.objects.filter(township=township, valid_from__lte=today)
    local = {rule.category_id: rule for rule in begun.order_by("valid_from")}
    categories = Category.objects.filter(active=True).select_related("group")
    if reporter:
        categories = categories.open_to(reporter)
    return [_promise(category, local.get(category.pk)) for category in categories]


def list_local_rules(township: str, category: Category) -> list[LocalRule]:
    """Return the town's own rules for a category, the newest first."""
    rules = LocalRule.objects.filter(township=township, category=category)
    return list(rules.order_by("-valid_from"))


def get_listed(code: str) -> Category:
    """Return a category in use by its code; Unseen otherwise."""
    found = Category.objects.filter(active=True, code=code).select_related("group").first()
    if found is None:
        raise Unseen
    return found


def find_office(township: str, code: str, village: Area | None) -> Office | None:
    """Return the office with a catalogue code: the village's own where each village has one."""
    offices = Office.objects.filter(township=township, code=code, active=True)
    place = village.code if village else ""
    return offices.filter(place__in=["", place]).order_by("-place").first()


def suggest_offices(case: Case) -> Suggestion:
    """Return who should lead and support: the responsibility matrix first, then the catalogue."""
    day = timezone.localdate(clock.now())
    found = responsible(case.township, case.category_id, case.grid_id, case.village_id, day)
    if found is not None:
        return Suggestion(found.lead, found.supports, found.reason)
    lead = find_office(case.township, case.category.lead, case.village)
    codes = [code for code in case.category.support.split(",") if code not in {"", "-"}]
    others = [find_office(case.township, code, case.village) for code in codes]
    supports = tuple(office for office in others if office is not None and office != lead)
    return Suggestion(lead, supports, _("The catalogue names this office for the category."))


def get_office(township: str, key: UUID) -> Office:
    """Return an office in use of a township; Invalid with a sentence otherwise."""
    office = Office.objects.filter(township=township, pk=key, active=True).first()
    if office is None:
        raise Invalid({"lead": [_("There is no such office in use. Choose one from the list.")]})
    return office


def list_names() -> dict[str, str]:
    """Return the names of all groups and categories by their codes, which lower floors store."""
    return {one.pk: one.name for model in (Group, Category) for one in model.objects.all()}
