"""Areas, their former selves, and who answers for what in them."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.areas.choices import Kind
from linli.kit.ids import uuid7
from linli.kit.text import in_chinese
from linli.offices.choices import ROLES, Role
from linli.offices.models import Office, Post


def valid(day: date) -> Q:
    """Keep what is valid on `day`; on the day of `valid_to` it is over."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name=name
    )


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters over areas."""

    def live(self, day: date) -> Self:
        """Keep the areas that exist on `day`."""
        return self.filter(valid(day))


class Area(models.Model):
    """A township, a village or a grid: a key that stays, a code and a shape that may change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=40)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    contact_phone = models.CharField(_("public phone"), max_length=40, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("over from"), null=True, blank=True)
    changed_on = models.DateField(_("as it is now since"))
    version = models.PositiveIntegerField(default=1)

    geometry = models.TextField(_("shape (GeoJSON)"), blank=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    lng = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["township", "kind", "code"],
                condition=Q(valid_to__isnull=True),
                name="area_live_code",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="area_kind"),
            _order("area_order"),
        ]
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The area's name in the reader's language."""
        if in_chinese():
            return self.name_zh
        return self.name_en or self.name_zh


class AreaHistory(models.Model):
    """What an area was called, coded and shaped from a day to a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="history")
    code = models.CharField(max_length=40)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120, blank=True)
    geometry = models.TextField(blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField()

    class Meta:
        ordering = ["-valid_to", "-id"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh} ({self.valid_from}–{self.valid_to})"


class AreaSet(models.Model):
    """The number of the present state of a town's areas; indexes of other numbers are stale."""

    township = models.CharField(max_length=12, primary_key=True)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.township}: {self.version}"


class Beat(models.Model):
    """A grid or village that a post answers for: its grid worker, grid leader or clerk."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="beats")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="beats")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("over from"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["post", "area"], condition=Q(valid_to__isnull=True), name="beat_once"
            ),
            _order("beat_order"),
        ]
        ordering = ["valid_from", "id"]

    def __str__(self) -> str:
        return f"{self.post_id} → {self.area_id}"

    @property
    def role(self) -> Role:
        """The role of the post."""
        return ROLES[self.post.role]


class Responsibility(models.Model):
    """A row of the matrix place × matter → lead and supporting offices."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    category = models.CharField(_("matter"), max_length=4, blank=True)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="responsibilities"
    )
    lead = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="leads")
    supports = models.ManyToManyField(Office, related_name="supports", blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("over from"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "area"],
                condition=Q(valid_to__isnull=True),
                name="responsibility_once",
            ),
            models.UniqueConstraint(
                fields=["township", "category"],
                condition=Q(valid_to__isnull=True, area__isnull=True),
                name="responsibility_town_once",
            ),
            _order("responsibility_order"),
        ]
        indexes = [models.Index(fields=["township", "category"], name="responsibility_of")]
        ordering = ["category", "area__code", "valid_from"]

    def __str__(self) -> str:
        return f"{self.category or '*'} × {self.area_id or '*'} → {self.lead_id}"


class AdmittedTask(models.Model):
    """A matter that may be given to grid workers, with its basis, its owner and its last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    category = models.CharField(_("matter"), max_length=4)
    basis = models.CharField(_("basis"), max_length=300)
    owner = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="admitted_tasks")
    valid_from = models.DateField(_("from"))
    expires_on = models.DateField(_("last day"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("valid_from")), name="admission_order"
            ),
        ]
        indexes = [models.Index(fields=["township", "category"], name="admission_of")]
        ordering = ["category", "valid_from"]

    def __str__(self) -> str:
        return f"{self.category} ({self.valid_from}–{self.expires_on})"
