"""A case and its sealed reporter."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.queries.answering import beat_area_ids
from linli.cases.choices import CASE, Channel, Ending, Precision, Publicity, State, Urgency
from linli.cases.models.catalogue import Category
from linli.cases.workflow import STAGE_OF
from linli.duties.choices import Matter
from linli.kit import clock
from linli.kit.ids import uuid7
from linli.offices.models import Actor, Office, Post
from linli.privacy.models import SealedField


class CaseQuerySet(models.QuerySet["Case"]):
    """Filters over cases; each stands for the same rule on one case (rules.py)."""

    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor's post may see (rules.may_see)."""
        mine = self.filter(township=actor.township)
        if actor.level == "town":
            return mine
        own = Q(reported_by=actor.post) | Q(handler=actor.post)
        if actor.level == "dept":
            dispatched = Dispatch.objects.filter(case=OuterRef("pk"), office=actor.office)
            return mine.filter(own | Q(lead_office=actor.office) | Exists(dispatched))
        if actor.level in {"village", "grid"} and actor.post:
            beat = beat_area_ids(actor.post, timezone.localdate(clock.now()))
            own |= Q(grid__in=beat) | Q(village__in=beat)
            if actor.level == "village":
                own |= Q(lead_office=actor.office)
            return mine.filter(own)
        return mine.filter(own) if actor.post and actor.level == "public" else self.none()

    def public_points(self) -> Self:
        """Keep what the public map may show as points."""
        shown = self.filter(publicity=Publicity.EXACT, hidden=False, erased_at__isnull=True)
        return shown.exclude(ending__in=[Ending.WITHDRAWN, Ending.EXCLUDED, Ending.MERGED])

    def open(self) -> Self:
        """Keep what is not closed."""
        return self.exclude(state=State.CLOSED)


class Case(models.Model):
    """One matter (事件): what, where, how soon, where it stands, until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    number = models.CharField(_("number"), max_length=20, unique=True)
    code_round = models.PositiveSmallIntegerField(default=0)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, verbose_name=_("category"))
    title = models.CharField(_("in short"), max_length=80)
    text = models.TextField(_("what was reported"), blank=True)
    urgency = models.CharField(_("urgency"), max_length=2, choices=Urgency.choices)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REPORTED
    )
    ending = models.CharField(_("ending"), max_length=12, choices=Ending.choices, blank=True)

    lng = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    source_crs = models.CharField(max_length=8, blank=True)
    tile_x = models.IntegerField(null=True, blank=True)
    tile_y = models.IntegerField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=Precision.choices, default=Precision.NONE)
    address = models.CharField(_("address or landmark"), max_length=200, blank=True)
    grid = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("grid"),
    )
    village = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("village"),
    )
    publicity = models.CharField(max_length=8, choices=Publicity.choices)
    hidden = models.BooleanField(default=False)

    lead_office = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead office"),
    )
    handler = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reported_by = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    reported_at = models.DateTimeField(_("reported"), default=clock.now)
    registered_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    updated_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(_("next deadline"), null=True, blank=True)
    yellow_at = models.DateTimeField(null=True, blank=True)
    promise_lag = models.DurationField(default=timedelta)
    promised_at = models.DateTimeField(_("promised until"), null=True, blank=True)
    next_answer_on = models.DateField(_("next answer on"), null=True, blank=True)

    bounces = models.PositiveSmallIntegerField(default=0)
    send_backs = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopenings = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    urged = models.PositiveSmallIntegerField(default=0)
    drawn = models.BooleanField(null=True, blank=True)
    objected = models.BooleanField(default=False)
    score = models.PositiveSmallIntegerField(null=True, blank=True)

    source = models.CharField(max_length=20, blank=True)
    source_number = models.CharField(max_length=60, blank=True)
    source_area = models.CharField(max_length=40, blank=True)
    client_id = models.CharField(max_length=64, blank=True)
    body_digest = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    loaded: dict[str, Any]  # the columns as a verb found them; `moving` saves what differs
    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_state"),
            models.CheckConstraint(
                condition=(Q(state=State.CLOSED) & ~Q(ending="") & Q(closed_at__isnull=False))
                | (~Q(state=State.CLOSED) & Q(closed_at__isnull=True)),
                name="case_closed_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.DISPATCHED, State.HANDLING, State.PAUSED])
                | Q(lead_office__isnull=False),
                name="case_has_lead",
            ),
            models.CheckConstraint(
                condition=Q(lng__isnull=True, lat__isnull=True)
                | Q(lng__isnull=False, lat__isnull=False),
                name="case_point_whole",
            ),
            models.CheckConstraint(
                condition=~Q(ending=Ending.CANNOT_NOW) | Q(next_answer_on__isnull=False),
                name="case_says_when",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="case_not_own_part"
            ),
            models.UniqueConstraint(
                fields=["township", "source", "source_number"],
                condition=~Q(source=""),
                name="case_source_once",
            ),
            models.UniqueConstraint(
                fields=["township", "client_id"],
                condition=~Q(client_id=""),
                name="case_client_once",
            ),
        ]
        indexes = [
            models.Index(fields=["township", "-id"], name="case_newest"),
            models.Index(
                fields=["township", "due_at", "id"],
                condition=~Q(state=State.CLOSED),
                name="case_open_due",
            ),
            models.Index(fields=["lead_office", "-id"], name="case_office"),
            models.Index(fields=["grid", "-id"], name="case_grid"),
            models.Index(fields=["village", "-id"], name="case_village"),
            models.Index(fields=["township", "category", "-id"], name="case_category"),
            models.Index(fields=["township", "tile_x", "tile_y"], name="case_tile"),
            models.Index(fields=["township", "closed_at"], name="case_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude in WGS-84."""
        return (self.lng, self.lat) if self.lng is not None and self.lat is not None else None

    @property
    def matter(self) -> Matter:
        """The case as duties, files and messages know it."""
        return Matter(CASE, self.pk, self.township, self.number, self.title)

    @property
    def stage(self) -> str:
        """The step of the loop that it has reached."""
        return STAGE_OF[self.state]

    @property
    def is_closed(self) -> bool:
        """Closed, with an ending."""
        return self.state == State.CLOSED


class Reporter(models.Model):
    """How to reach whoever reported: sealed, optional, erased on schedule."""

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="reporter"
    )
    township = models.CharField(max_length=12)
    name = SealedField(blank=True)
    phone = SealedField(blank=True)
    email = SealedField(blank=True)
    wants_email = models.BooleanField(default=False)
    consented_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    erased_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.case_id)


class Dispatch(models.Model):
    """One sending of a case to an office: many are sent more than once, so it is a chain."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    township = models.CharField(max_length=12)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="dispatches")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    leads = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end = models.CharField(max_length=12, blank=True)
    end_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["sent_at", "id"]
        indexes = [models.Index(fields=["office", "case"], name="dispatch_office")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(leads=True, ended_at__isnull=True),
                name="dispatch_one_lead",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} → {self.office_id}"
