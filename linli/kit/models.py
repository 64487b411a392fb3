"""The rows of the queue: jobs, schedules, and the signs of life of workers."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from linli.kit import clock
from linli.kit.ids import uuid7


class JobState(models.TextChoices):
    """Where a job stands."""

    READY = "ready"
    RUN = "run"
    DONE = "done"
    DEAD = "dead"


class JobQuerySet(models.QuerySet["Job"]):
    """Filters over jobs."""

    def due(self, moment: datetime) -> Self:
        """Keep the jobs that may start, oldest first."""
        return self.filter(state=JobState.READY, run_at__lte=moment).order_by("run_at", "id")

    def overrun(self, moment: datetime) -> Self:
        """Keep the jobs whose worker let the lease run out and holds no lock on them."""
        return self.select_for_update(skip_locked=True).filter(
            state=JobState.RUN, lease_until__lt=moment
        )

    def held_by(self, job: "Job") -> Self:
        """Keep the job if it still belongs to this claim: the fence."""
        return self.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=JobState.RUN)


class Job(models.Model):
    """One call of a task. Its arguments are keys and numbers, never personal values."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=100)
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=5, choices=JobState.choices, default=JobState.READY)
    run_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField()
    worker = models.CharField(max_length=100, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="job_state"),
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key="") & ~Q(state=JobState.DONE), name="job_key_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_at", "id"], condition=Q(state=JobState.READY), name="job_ready"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state=JobState.RUN), name="job_running"
            ),
            models.Index(fields=["state", "finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state}, {self.attempts}/{self.max_attempts})"


class Schedule(models.Model):
    """When a repeated task runs next."""

    name = models.CharField(max_length=100, primary_key=True)
    next_run = models.DateTimeField()
    last_run = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.next_run:%Y-%m-%d %H:%M:%S%z}"


class Heartbeat(models.Model):
    """When a worker last said that it lives."""

    worker = models.CharField(max_length=100, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker}: {self.at:%Y-%m-%d %H:%M:%S%z}"
