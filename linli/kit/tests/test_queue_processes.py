"""What the queue promises when real worker processes share a database and are killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.db import connection, connections

from linli.kit.ids import code
from linli.kit.models import Heartbeat, Job, JobState, Schedule
from linli.kit.tests import jobs

pytestmark = pytest.mark.slow


class House:
    """A database of its own, and the workers in it."""

    def __init__(self, settings):
        keep = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
        database = {key: settings[key] for key in keep if key in settings}
        self.environ = {**os.environ, "QUEUE_DATABASE": json.dumps(database)}
        self.workers = []

    def start(self, *words):
        worker = subprocess.Popen(
            [sys.executable, "-m", "linli.kit.tests.alone", *words],
            env=self.environ,
            stderr=subprocess.PIPE,
        )
        self.workers.append(worker)
        return worker

    def run(self, *words):
        worker = self.start(*words)
        _, errors = worker.communicate(timeout=60)
        assert worker.returncode == 0, errors.decode()


@pytest.fixture
def house(transactional_db, tmp_path, monkeypatch):
    """Everything of this test happens in a database that other processes can open, too."""
    name = f"test_queue_{code(6).lower()}" if connection.vendor != "sqlite" else tmp_path / "q.db"
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name}")
    other = {**connection.settings_dict, "NAME": str(name)}
    other["OPTIONS"] = {key: val for key, val in other["OPTIONS"].items() if key != "pool"}
    house = House(other)
    house.run("migrate", "--verbosity", "0")
    original = connections["default"]
    connections["default"] = type(original)(other, "default")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effect (line varchar(100))")
    yield house
    for worker in house.workers:
        if worker.poll() is None:
            worker.kill()
            worker.wait()
    connections["default"].close()
    connections["default"] = original
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def test_a_job_survives_the_kill_of_its_worker_and_takes_effect_once(house, tmp_path):
    marker = tmp_path / "marker"
    jobs.freeze.enqueue(line="lamp", marker=str(marker))
    worker = house.start("work")
    wait_for(marker.exists)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert jobs.lines() == []
    wait_for(lambda: Job.objects.get().state == JobState.RUN)
    time.sleep(2.1)
    house.run("work", "--until-idle")
    assert jobs.lines() == ["lamp"]
    job = Job.objects.get()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_a_job_that_outlives_its_lease_is_not_taken_over_while_it_runs(house):
    jobs.dawdle.enqueue(line="lamp")
    slow = house.start("work", "--until-idle")
    wait_for(lambda: Job.objects.get().state == JobState.RUN)
    other = house.start("work")
    assert slow.wait(60) == 0
    wait_for(Heartbeat.objects.exists)
    other.terminate()
    assert other.wait(30) == 0
    assert jobs.lines() == ["lamp"]
    assert Job.objects.get().attempts == 1


def test_two_workers_do_two_hundred_jobs_and_none_twice(house):
    for number in range(200):
        jobs.write.enqueue(line=f"{number:03}")
    workers = [house.start("work", "--until-idle") for _ in range(2)]
    for worker in workers:
        assert worker.wait(60) == 0
    assert Counter(jobs.lines()) == Counter(f"{number:03}" for number in range(200))
    assert Job.objects.filter(state=JobState.DONE, attempts=1).count() == 200


def test_two_workers_run_a_schedule_once(house):
    house.run("work", "--until-idle")
    Schedule.objects.filter(name="kit.tick").update(next_run="2026-01-01T00:00:00Z")
    workers = [house.start("work", "--until-idle") for _ in range(2)]
    for worker in workers:
        assert worker.wait(60) == 0
    assert jobs.lines() == ["tick"]


def test_sigterm_lets_the_worker_finish_and_say_goodbye(house):
    worker = house.start("work")
    wait_for(Heartbeat.objects.exists)
    jobs.write.enqueue(line="lamp")
    wait_for(lambda: jobs.lines() == ["lamp"], seconds=3)
    worker.terminate()
    assert worker.wait(5) == 0
    assert not Heartbeat.objects.exists()
