"""Verbs of the catalogue: load what ships, give a category the town's own terms."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.audit.services import record
from linli.cases.choices import Publicity
from linli.cases.models.catalogue import Category, Group, LocalRule
from linli.duties.rules.clocks import Limit
from linli.kit import clock
from linli.kit.data import read_tsv
from linli.kit.errors import Forbidden, Invalid
from linli.offices.models import Actor


@transaction.atomic
def seed_catalogue() -> int:
    """Load the shipped groups and categories; again is harmless. Returns how many."""
    groups = [
        Group(
            code=row["code"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            default_lead=row["default_lead"],
            note=row["note"],
        )
        for row in read_tsv("linli.cases", "event_groups.tsv")
    ]
    _upsert(Group, groups, ["name_zh", "name_en", "default_lead", "note"])
    categories = [
        Category(
            code=row["code"],
            group_id=row["group"],
            name_zh=row["name_zh"],
            name_en=row["name_en"],
            lead=row["lead"],
            support=row["support"],
            urgency=row["urgency"],
            respond=row["respond"],
            dispose=row["dispose"],
            close_level=row["close_level"],
            reporter=row["reporter"],
            publicity=row["loc_public"],
            personal_data=row["pd"],
            hint_zh=row["hint_zh"] or "",
            hint_en=row["hint_en"] or "",
        )
        for row in read_tsv("linli.cases", "event_categories.tsv")
    ]
    fields = [field.name for field in Category._meta.concrete_fields]
    _upsert(Category, categories, [name for name in fields if name not in {"code", "active"}])
    return len(categories)


def _upsert(model: type[Group] | type[Category], rows: list, fields: list[str]) -> None:  # type: ignore[type-arg]  # of that model
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=fields
    )


@transaction.atomic
def save_local_rule(
    category: Category,
    *,
    actor: Actor,
    valid_from: date,
    terms: dict[str, str],
    reason: str,
) -> LocalRule:
    """Give a category the town's own terms from a day on; what runs already keeps its limits.

    Args:
        terms: urgency, respond, dispose, publicity.
        reason: why, for whoever reads the catalogue.
    """
    if not actor.may("admin"):
        raise Forbidden
    if valid_from < timezone.localdate(clock.now()):
        raise Invalid({"valid_from": [_("New terms begin today or later.")]})
    if category.needs_consent and terms["publicity"] != Publicity.NONE:
        raise Invalid({"publicity": [_("A service for a person is never shown on the map.")]})
    for name in ("respond", "dispose"):
        Limit.parse(terms[name])
    rule, _created = LocalRule.objects.update_or_create(
        township=actor.township,
        category=category,
        valid_from=valid_from,
        defaults={**terms, "reason": reason},
    )
    record(
        "catalogue.changed",
        f"category:{category.pk}",
        actor=actor,
        valid_from=valid_from.isoformat(),
        terms=terms,
    )
    return rule
