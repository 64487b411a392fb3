"""Who answers: beats, the responsibility matrix, the admission list."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.areas.choices import BEATS
from linli.areas.models import AdmittedTask, Area, Beat, Responsibility, valid
from linli.offices.choices import ROLES
from linli.offices.models import Office, Post


@dataclass(frozen=True)
class Responsible:
    """Who leads and who supports, and by which rule.

    Args:
        reason: a sentence for people: the matter and the place of the rule.
    """

    lead: Office
    supports: tuple[Office, ...]
    rule: UUID
    reason: str


def _prefixes(category: str) -> list[str]:
    return [category[:length] for length in range(len(category), -1, -2)]


def responsible(
    township: str, category: str, grid: UUID | None, village: UUID | None, day: date
) -> Responsible | None:
    """Return who answers for a matter at a place; None where the matrix has no rule for it.

    The more exact matter wins (kind, group, everything), because the office that knows a matter
    counts for more than the one that knows the place; then the more exact place (grid, village,
    township). Offices that are no longer in use are passed over.
    """
    places = [place for place in (grid, village) if place]
    rules = (
        Responsibility.objects.filter(valid(day))
        .filter(Q(area__isnull=True) | Q(area__in=places))
        .filter(township=township, category__in=_prefixes(category), lead__active=True)
        .select_related("lead", "area")
    )
    ranks = {grid: 2, village: 1, None: 0}
    best = max(rules, key=lambda rule: (len(rule.category), ranks[rule.area_id]), default=None)
    if best is None:
        return None
    supports = tuple(best.supports.filter(active=True))
    return Responsible(best.lead, supports, best.pk, _reason(best))


def _reason(rule: Responsibility) -> str:
    words = {
        "matter": rule.category or _("every matter"),
        "place": rule.area.name if rule.area else _("the whole township"),
        "lead": rule.lead.name,
    }
    return _("For %(matter)s in %(place)s, %(lead)s leads.") % words


def list_responsibilities(township: str, day: date) -> QuerySet[Responsibility]:
    """Return the rows of the matrix that are or will be valid, most general matter first."""
    rows = Responsibility.objects.filter(township=township).exclude(valid_to__lte=day)
    return rows.select_related("lead", "area").prefetch_related("supports")


def is_admitted(township: str, category: str, day: date) -> bool:
    """Say whether a matter may be given to grid workers on `day`: itself, or its whole group."""
    return AdmittedTask.objects.filter(
        township=township,
        category__in=_prefixes(category),
        valid_from__lte=day,
        expires_on__gte=day,
    ).exists()


def list_admitted(township: str, day: date) -> QuerySet[AdmittedTask]:
    """Return the published list: what is admitted on `day` or will be."""
    return AdmittedTask.objects.filter(township=township, expires_on__gte=day).select_related(
        "owner"
    )


def beat_area_ids(post: UUID, day: date) -> QuerySet[Area, UUID]:
    """Return the keys of the areas a post answers for, and of the grids in its villages.

    Closed areas are among them: matters that lie there still have somebody who answers.
    """
    mine = Beat.objects.filter(valid(day), post=post).values("area")
    return Area.objects.filter(Q(pk__in=mine) | Q(parent__in=mine)).values_list("pk", flat=True)


def list_beats(area: UUID, day: date) -> QuerySet[Beat]:
    """Return who answers for an area on `day` or will, with their posts."""
    beats = Beat.objects.filter(area=area).exclude(valid_to__lte=day)
    return beats.select_related("post__office", "post__account")


def list_posts_for(area: Area, day: date) -> QuerySet[Post]:
    """Return the posts of the area's town that may answer for an area of its kind."""
    roles = [code for code, role in ROLES.items() if area.kind in BEATS.get(role.level, ())]
    posts = Post.objects.current(day).filter(office__township=area.township, role__in=roles)
    return posts.select_related("account", "office").order_by("office__code", "account__username")
