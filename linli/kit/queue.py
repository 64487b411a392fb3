"""Background work as rows: enqueued in the caller's transaction, run at least once, in effect once.

A worker claims a job for a lease, runs its task and finishes it behind a fence (job, worker,
attempt). A task runs in the transaction that finishes it, so its rows and the finish are kept
together or not at all. A task that leaves the house (`outside=True`) has no such transaction:
it must bear being repeated.
"""

import inspect
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime, time, timedelta
from typing import Any, Generic, ParamSpec
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from linli.kit import clock
from linli.kit.models import Job, JobQuerySet, JobState, Schedule

P = ParamSpec("P")
Rule = Callable[[datetime], datetime]

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
LEASE = 60

_tasks: dict[str, "Task[...]"] = {}
_rules: dict[str, Rule] = {}
_current: ContextVar[Job | None] = ContextVar("job", default=None)
_random = secrets.SystemRandom()


class Lost(Exception):
    """The job belongs to another claim by now; what this one did is discarded."""


class Poisoned(Exception):
    """The job can never run: its task is unknown or its arguments do not fit."""


class Task(Generic[P]):
    """A function that workers can call by name. Calling the task itself runs it at once."""

    def __init__(
        self, function: Callable[P, None], *, attempts: int, lease: int, outside: bool
    ) -> None:
        self.function = function
        self.attempts = attempts
        self.lease = timedelta(seconds=lease)
        self.outside = outside
        self.name = f"{function.__module__.split('.')[1]}.{function.__name__}"
        self.signature = inspect.signature(function)
        if taken := {"key", "at"} & set(self.signature.parameters):
            raise ValueError(f"{self.name}: enqueue() needs the name {taken} for itself")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> None:
        self.function(*args, **kwargs)

    def enqueue(self, *, key: str = "", at: datetime | None = None, **arguments: Any) -> None:
        """Write a job into the caller's transaction.

        Args:
            key: while a job with this key waits or runs, a second is not made; a dead one wakes up.
            at: not before this moment; now if absent.
            arguments: the task's own, as JSON values: keys and numbers, nothing personal.
        """
        self.signature.bind(**arguments)
        run_at = at or clock.now()
        if key and _wake(Job.objects.filter(key=key), arguments=arguments, run_at=run_at):
            return
        job = Job(
            name=self.name,
            key=key,
            arguments=arguments,
            run_at=run_at,
            max_attempts=self.attempts,
        )
        Job.objects.bulk_create([job], ignore_conflicts=bool(key))


def task(
    *, attempts: int = 8, lease: int = LEASE, outside: bool = False
) -> Callable[[Callable[P, None]], Task[P]]:
    """Make a function of an app's `tasks` room a task, known as `app.function`.

    Args:
        attempts: how often it is tried, with growing waits, before it is given up.
        lease: seconds until a silent worker loses the job; longer work calls `renew()`.
        outside: it sends something out of the house, so it runs outside a transaction.
    """

    def register(function: Callable[P, None]) -> Task[P]:
        made = Task(function, attempts=attempts, lease=lease, outside=outside)
        if made.name in _tasks:
            raise ValueError(f"task {made.name!r} is registered twice")
        _tasks[made.name] = made
        return made

    return register


def every(*, seconds: int) -> Callable[[Task[P]], Task[P]]:
    """Run a task again and again; stands above `@task()`."""
    return _repeat(lambda moment: moment + timedelta(seconds=seconds))


def daily(*, hour: int, minute: int = 0) -> Callable[[Task[P]], Task[P]]:
    """Run a task each day at this local time of TIME_ZONE; stands above `@task()`."""

    def following(moment: datetime) -> datetime:
        zone = timezone.get_default_timezone()
        day = moment.astimezone(zone).date()
        today = datetime.combine(day, time(hour, minute), tzinfo=zone)
        return today if today > moment else today + timedelta(days=1)

    return _repeat(following)


def _repeat(rule: Rule) -> Callable[[Task[P]], Task[P]]:
    def register(made: Task[P]) -> Task[P]:
        made.signature.bind()
        _rules[made.name] = rule
        return made

    return register


def named(name: str) -> Task[...]:
    """Return a task by name: for `services`, which stand below their app's `tasks`."""
    return _tasks[name]


def claim(worker: str) -> Job | None:
    """Take the oldest due job for a lease; None if nothing is due."""
    now = clock.now()
    if not Job.objects.due(now).exists():
        return None  # so that an idle worker takes no lock
    with transaction.atomic():
        job = Job.objects.due(now).select_for_update(skip_locked=True).first()
        if job is None:
            return None
        lease = _tasks[job.name].lease if job.name in _tasks else timedelta(seconds=LEASE)
        job.state, job.worker, job.lease_until = JobState.RUN, worker, now + lease
        job.attempts += 1
        job.save(update_fields=["state", "worker", "lease_until", "attempts"])
    return job


def run(job: Job) -> None:
    """Run a claimed job and finish it.

    While a task inside a transaction runs, its job stays locked: nobody can take it over.
    Raises Lost where another claim has the job, Poisoned where it can never run.
    """
    made = _read(job)
    token = _current.set(job)
    try:
        if made.outside:
            made.function(**job.arguments)
            _finish(job)
        else:
            with transaction.atomic():
                if not Job.objects.held_by(job).select_for_update().values_list("pk"):
                    raise Lost
                made.function(**job.arguments)
                _finish(job)
    finally:
        _current.reset(token)


def _read(job: Job) -> Task[...]:
    if job.name not in _tasks:
        raise Poisoned(f"There is no task {job.name!r}.")
    made = _tasks[job.name]
    try:
        made.signature.bind(**job.arguments)
    except TypeError as error:
        raise Poisoned(f"The arguments do not fit {job.name}: {error}.") from error
    return made


def _finish(job: Job) -> None:
    finished = Job.objects.held_by(job).update(
        state=JobState.DONE, finished_at=clock.now(), lease_until=None, error=""
    )
    if not finished:
        raise Lost


def fail(job: Job, error: Exception) -> None:
    """Put a failed job back with a growing wait; after its last attempt bury it with the reason."""
    now = clock.now()
    last = job.attempts >= job.max_attempts or isinstance(error, Poisoned)
    Job.objects.held_by(job).update(
        state=JobState.DEAD if last else JobState.READY,
        run_at=now + wait_after(job.attempts),
        finished_at=now if last else None,
        lease_until=None,
        error=f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0]}"[:500],
    )


def wait_after(attempts: int) -> timedelta:
    """Return the wait before the next attempt: 10 s, 40 s, 160 s … 1 h, a quarter more or less."""
    wait: timedelta = min(FIRST_WAIT * 4 ** min(attempts - 1, 8), LONGEST_WAIT)
    return wait * _random.uniform(0.75, 1.25)


def renew() -> None:
    """Extend the lease of the job that is running here; Lost where another claim has it."""
    job = _current.get()
    if job is None:
        return  # called directly, without a worker
    until = clock.now() + _tasks[job.name].lease
    if not Job.objects.held_by(job).update(lease_until=until):
        raise Lost


@transaction.atomic
def reclaim() -> int:
    """Free the jobs whose worker vanished; bury those whose last attempt that was."""
    now = clock.now()
    keys = list(Job.objects.overrun(now).values_list("pk", flat=True))
    overrun = Job.objects.filter(pk__in=keys)
    buried = overrun.filter(attempts__gte=F("max_attempts")).update(
        state=JobState.DEAD,
        lease_until=None,
        finished_at=now,
        error="The worker vanished during the last attempt.",
    )
    return buried + overrun.filter(state=JobState.RUN).update(
        state=JobState.READY, lease_until=None
    )


@transaction.atomic
def enqueue_scheduled() -> int:
    """Enqueue what is due by the clock: one worker wins, a long stop gives one late run."""
    now = clock.now()
    known = dict(Schedule.objects.values_list("name", "next_run"))
    missing = [
        Schedule(name=name, next_run=rule(now))
        for name, rule in _rules.items()
        if name not in known
    ]
    Schedule.objects.bulk_create(missing, ignore_conflicts=True)
    if not any(name in _rules and moment <= now for name, moment in known.items()):
        return 0
    due = Schedule.objects.select_for_update(skip_locked=True).filter(
        name__in=_rules, next_run__lte=now
    )
    count = 0
    for schedule in due:
        _tasks[schedule.name].enqueue(key=f"schedule:{schedule.name}")
        schedule.last_run, schedule.next_run = now, _rules[schedule.name](now)
        schedule.save(update_fields=["last_run", "next_run"])
        count += 1
    return count


def list_dead() -> list[Job]:
    """Return the jobs that were given up, latest first; `error` says why."""
    return list(Job.objects.filter(state=JobState.DEAD).order_by("-finished_at", "-id"))


def retry(pk: UUID) -> bool:
    """Give a dead job all its attempts again; False where it is not dead."""
    return bool(_wake(Job.objects.filter(pk=pk)))


def retry_dead() -> int:
    """Give every dead job all its attempts again; returns how many."""
    return _wake(Job.objects.all())


def _wake(jobs: JobQuerySet, **changes: Any) -> int:
    fresh: dict[str, Any] = {"run_at": clock.now(), **changes}
    return jobs.filter(state=JobState.DEAD).update(
        state=JobState.READY, attempts=0, finished_at=None, **fresh
    )


@transaction.atomic
def remove_done(before: datetime) -> int:
    """Remove jobs that were done before a moment; the dead stay."""
    count, _ = Job.objects.filter(state=JobState.DONE, finished_at__lt=before).delete()
    return count
