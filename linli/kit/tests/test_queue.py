"""What the queue promises, worker by worker in one process."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from linli.kit import clock, queue
from linli.kit.models import Heartbeat, Job, JobState, Schedule
from linli.kit.tests import jobs
from linli.kit.worker import Worker, worker_alive

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


def work(*, at=None):
    """One worker comes by and works until nothing is due."""
    with clock.at(at or clock.now()):
        Worker(threading.Event()).work(until_idle=True)


def only():
    return Job.objects.exclude(key__startswith="schedule:").get()


def test_a_job_runs_once_and_is_done(effects):
    jobs.write.enqueue(line="lamp")
    work()
    work()
    assert effects() == ["lamp"]
    assert only().state == JobState.DONE


def test_a_job_belongs_to_the_callers_transaction(effects):
    with transaction.atomic():
        jobs.write.enqueue(line="lamp")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_a_job_waits_for_its_time_and_the_oldest_goes_first(effects):
    jobs.write.enqueue(line="later", at=NOON + timedelta(hours=1))
    jobs.write.enqueue(line="second", at=NOON)
    jobs.write.enqueue(line="first", at=NOON - timedelta(hours=1))
    with clock.at(NOON):
        claimed = [queue.claim("anna"), queue.claim("anna"), queue.claim("anna")]
    assert [job and job.arguments["line"] for job in claimed] == ["first", "second", None]


def test_a_failed_job_leaves_nothing_and_comes_back_later(effects):
    jobs.stumble.enqueue(line="stone", at=NOON)
    work(at=NOON)
    job = only()
    assert effects() == []
    assert (job.state, job.attempts) == (JobState.READY, 1)
    assert timedelta(seconds=7) < job.run_at - NOON < timedelta(seconds=13)
    assert job.error == "RuntimeError: stumbled over stone"


def test_waits_grow_up_to_an_hour():
    waits = [queue.wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 9, 200)]
    for wait, middle in zip(waits, (10, 40, 160, 640, 3600, 3600), strict=True):
        assert middle * 0.75 <= wait <= middle * 1.25
    assert len({queue.wait_after(3) for _ in range(10)}) > 1


def test_after_the_last_attempt_it_is_dead_until_somebody_retries_it(effects):
    jobs.stumble.enqueue(line="stone", at=NOON)
    for day in range(4):
        work(at=NOON + timedelta(days=day))
    job = only()
    assert (job.state, job.attempts) == (JobState.DEAD, 3)
    assert [dead.error for dead in queue.list_dead()] == ["RuntimeError: stumbled over stone"]
    assert queue.retry(job.pk)
    assert not queue.retry(job.pk)
    assert (only().state, only().attempts) == (JobState.READY, 0)


def test_the_command_shows_the_dead_and_tries_them_again(effects, capsys):
    Job.objects.create(
        name="kit.write", arguments={"line": "lamp"}, state="dead", max_attempts=1, error="It fell."
    )
    call_command("work", list_dead=True)
    assert "It fell." in capsys.readouterr().out
    assert effects() == []
    call_command("work", retry_dead=True, until_idle=True)
    assert effects() == ["lamp"]


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("kit.nothing", {}, "There is no task 'kit.nothing'"),
        ("kit.write", {"wrong": 1}, "The arguments do not fit kit.write"),
    ],
)
def test_what_can_never_run_is_buried_at_once_with_a_reason(effects, name, arguments, reason):
    Job.objects.create(name=name, arguments=arguments, max_attempts=8)
    work()
    assert only().state == JobState.DEAD
    assert reason in only().error


def test_arguments_are_checked_when_the_job_is_made(effects):
    with pytest.raises(TypeError):
        jobs.write.enqueue(lien="typo")
    with pytest.raises(TypeError):
        jobs.write.enqueue(line={1, 2})
    assert not Job.objects.exists()


def test_a_task_name_belongs_to_one_task():
    def write(line):
        pass

    write.__module__ = "linli.kit.tests.elsewhere"
    with pytest.raises(ValueError, match="registered twice"):
        queue.task()(write)


def test_a_task_may_not_take_the_names_that_enqueue_needs():
    def meet(at):
        pass

    with pytest.raises(ValueError, match="'at'"):
        queue.task()(meet)


def test_a_key_makes_one_job_until_it_is_done(effects):
    jobs.write.enqueue(line="first", key="lamp")
    jobs.write.enqueue(line="second", key="lamp")
    work()
    assert effects() == ["first"]
    jobs.write.enqueue(line="third", key="lamp")
    work()
    assert effects() == ["first", "third"]


def test_a_key_wakes_its_dead_job(effects):
    Job.objects.create(name="kit.write", key="lamp", arguments={}, state="dead", max_attempts=8)
    jobs.write.enqueue(line="again", key="lamp")
    work()
    assert effects() == ["again"]
    assert Job.objects.filter(key="lamp").count() == 1


def test_a_vanished_worker_loses_its_job_after_the_lease(effects):
    jobs.write.enqueue(line="lamp", at=NOON)
    with clock.at(NOON):
        assert queue.claim("anna")
    work(at=NOON + timedelta(seconds=59))
    assert effects() == []
    work(at=NOON + timedelta(seconds=61))
    assert effects() == ["lamp"]
    assert only().attempts == 2


def test_a_job_that_kills_its_workers_is_buried(effects):
    jobs.stumble.enqueue(line="bomb", at=NOON)
    for minute in range(4):
        with clock.at(NOON + timedelta(minutes=2 * minute)):
            queue.reclaim()
            queue.claim("anna")
    assert only().state == JobState.DEAD
    assert "vanished" in only().error


def test_the_fence_discards_a_late_result(effects):
    jobs.post_letter.enqueue(line="letter", at=NOON)
    with clock.at(NOON):
        late = queue.claim("anna")
    with clock.at(NOON + timedelta(minutes=5)):
        queue.reclaim()
        fresh = queue.claim("ben")
    with pytest.raises(queue.Lost):
        queue.run(late)
    queue.fail(late, RuntimeError("too late"))
    assert (only().state, only().worker, only().error) == (JobState.RUN, "ben", "")
    queue.run(fresh)
    assert only().state == JobState.DONE


def test_a_late_worker_does_not_even_begin_inside_a_transaction(effects):
    jobs.stumble.enqueue(line="lamp", at=NOON)
    with clock.at(NOON):
        late = queue.claim("anna")
    with clock.at(NOON + timedelta(minutes=5)):
        queue.reclaim()
    with pytest.raises(queue.Lost):
        queue.run(late)


def test_a_long_job_renews_its_lease(effects):
    jobs.post_letter.enqueue(line="letter", at=NOON)
    with clock.at(NOON):
        job = queue.claim("anna")
    token = queue._current.set(job)
    try:
        with clock.at(NOON + timedelta(minutes=1)):
            queue.renew()
        assert only().lease_until == NOON + timedelta(minutes=1, seconds=1)
        Job.objects.update(worker="ben")
        with pytest.raises(queue.Lost):
            queue.renew()
    finally:
        queue._current.reset(token)


def test_renewing_outside_a_worker_does_nothing(db):
    queue.renew()


def test_a_schedule_runs_each_hour_and_once_after_a_stop(effects):
    work(at=NOON)
    assert effects() == []
    work(at=NOON + timedelta(minutes=61))
    work(at=NOON + timedelta(minutes=62))
    assert effects() == ["tick"]
    work(at=NOON + timedelta(days=3))
    work(at=NOON + timedelta(days=3, minutes=1))
    assert effects() == ["tick", "tick"]
    schedule = Schedule.objects.get(name="kit.tick")
    assert schedule.last_run == NOON + timedelta(days=3)
    assert schedule.next_run == NOON + timedelta(days=3, hours=1)


def test_two_workers_at_the_same_moment_run_a_schedule_once(effects):
    work(at=NOON)
    with clock.at(NOON + timedelta(hours=2)):
        assert queue.enqueue_scheduled() == 1
        assert queue.enqueue_scheduled() == 0
    assert Job.objects.filter(name="kit.tick").count() == 1


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-03T16:09:59+00:00", "2026-03-03T16:10:00+00:00"),  # 00:09:59 in Shanghai
        ("2026-03-03T16:10:00+00:00", "2026-03-04T16:10:00+00:00"),
        ("2026-12-31T20:00:00+00:00", "2027-01-01T16:10:00+00:00"),
    ],
)
def test_daily_means_local_time(moment, expected):
    made = queue.Task(jobs.write.function, attempts=1, lease=1, outside=False)
    made.name, made.signature = "kit.midnight", jobs.tick.signature
    queue.daily(hour=0, minute=10)(made)
    rule = queue._rules.pop("kit.midnight")
    assert rule(datetime.fromisoformat(moment)) == datetime.fromisoformat(expected)


def test_a_scheduled_task_takes_no_arguments():
    with pytest.raises(TypeError):
        queue.every(seconds=5)(jobs.write)


def test_done_jobs_go_after_a_week_and_the_dead_stay(effects):
    jobs.write.enqueue(line="lamp", at=NOON)
    Job.objects.create(name="kit.nothing", state="dead", max_attempts=1, finished_at=NOON)
    work(at=NOON)
    work(at=NOON + timedelta(days=6))
    assert Job.objects.filter(name="kit.write").exists()
    work(at=NOON + timedelta(days=9))
    assert list(Job.objects.filter(state="dead").values_list("name", flat=True)) == ["kit.nothing"]
    assert not Job.objects.filter(name="kit.write").exists()


def test_the_worker_gives_signs_of_life(effects):
    assert not worker_alive()
    worker = Worker(threading.Event())
    worker.step()
    assert worker_alive()
    with clock.at(clock.now() + timedelta(minutes=1)):
        assert not worker_alive()
        assert worker_alive(within_seconds=120)
    worker.stopping.set()
    worker.work()
    assert not Heartbeat.objects.exists()


def test_a_busy_worker_counts_as_alive(db):
    Job.objects.create(
        name="kit.write",
        state="run",
        max_attempts=1,
        lease_until=clock.now() + timedelta(seconds=9),
    )
    assert worker_alive()


def test_an_idle_worker_takes_no_lock(effects, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert queue.claim("anna") is None


def test_a_worker_outlives_its_database(effects, monkeypatch):
    jobs.write.enqueue(line="lamp")
    real, calls = queue.claim, []

    def flaky(worker):
        calls.append(worker)
        if len(calls) == 1:
            raise OperationalError("the server closed the connection")
        return real(worker)

    monkeypatch.setattr(queue, "claim", flaky)
    if connection.vendor == "sqlite":
        monkeypatch.setattr(connection, "close", lambda: None)  # closing would drop it from memory
    work()
    assert effects() == ["lamp"]
