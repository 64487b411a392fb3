"""What can be reported: groups, categories, and a town's own rules for them."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.cases.choices import Publicity, Urgency
from linli.kit.ids import uuid7
from linli.kit.text import in_chinese


class Named(models.Model):
    """Something of the catalogue with a code and a name in two languages."""

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    name_zh = models.CharField(_("name (Chinese)"), max_length=80)
    name_en = models.CharField(_("name (English)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_zh if in_chinese() else self.name_en


class Group(Named):
    """A group of categories, such as 公用设施."""

    default_lead = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["code"]


class CategoryQuerySet(models.QuerySet["Category"]):
    """Filters over the catalogue."""

    def open_to(self, reporter: str) -> Self:
        """Keep what may be reported: `staff` also write down what residents ask for."""
        known = self.filter(active=True)
        return known if reporter == "staff" else known.filter(reporter__in=["both", "public"])


class Category(Named):
    """A leaf of the catalogue with the defaults that a town may replace by a `LocalRule`."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="categories")
    lead = models.CharField(_("lead office"), max_length=20)
    support = models.CharField(_("supporting offices"), max_length=80, blank=True)
    urgency = models.CharField(_("urgency"), max_length=2, choices=Urgency.choices)
    respond = models.CharField(_("first response within"), max_length=8)
    dispose = models.CharField(_("handled within"), max_length=8)
    close_level = models.CharField(max_length=10)
    reporter = models.CharField(max_length=8)
    publicity = models.CharField(
        _("shown on the public map"), max_length=8, choices=Publicity.choices
    )
    personal_data = models.CharField(max_length=8)
    hint_zh = models.CharField(_("hint (Chinese)"), max_length=200, blank=True)
    hint_en = models.CharField(_("hint (English)"), max_length=300, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    @property
    def hint(self) -> str:
        """The hint to the reporter in the reader's language."""
        return self.hint_zh if in_chinese() else self.hint_en

    @property
    def needs_consent(self) -> bool:
        """A service for a person: asked for by them, with contact and consent."""
        return self.personal_data == "consent"


class LocalRule(models.Model):
    """A town's own terms for a category, from a day on; the newest that has begun holds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="local_rules")
    valid_from = models.DateField(_("from"))
    urgency = models.CharField(_("urgency"), max_length=2, choices=Urgency.choices)
    respond = models.CharField(_("first response within"), max_length=8)
    dispose = models.CharField(_("handled within"), max_length=8)
    publicity = models.CharField(
        _("shown on the public map"), max_length=8, choices=Publicity.choices
    )
    reason = models.CharField(_("why"), max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["township", "category", "valid_from"], name="local_rule_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.township} {self.category_id} {self.valid_from}"
