"""Tasks for the tests of the queue; their effects are lines in a table of its own."""

import os
import time
from pathlib import Path

from django.db import connection, transaction

from linli.kit.queue import every, task


def note(line: str) -> None:
    """Leave a visible effect."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effect (line) VALUES (%s)", [line])


def lines() -> list[str]:
    """Return the effects that were committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT line FROM effect ORDER BY line")
        return [row[0] for row in cursor.fetchall()]


@task()
def write(line: str) -> None:
    """Leave one line."""
    note(line)


@task(attempts=3)
def stumble(line: str) -> None:
    """Leave a line, then fail: the line must not stay."""
    note(line)
    raise RuntimeError(f"stumbled over {line}\nwith details that nobody should keep")


@task(lease=2)
def freeze(line: str, marker: str) -> None:
    """Leave a line, then hang at the first attempt, until somebody kills the worker."""
    note(line)
    if not Path(marker).exists():
        Path(marker).write_text(str(os.getpid()))
        time.sleep(60)


@task(lease=1)
def dawdle(line: str) -> None:
    """Leave a line and take longer than the lease."""
    note(line)
    time.sleep(4)


@task(lease=1, outside=True)
def post_letter(line: str) -> None:
    """Do something that leaves the house."""
    with transaction.atomic():
        note(line)


@every(seconds=3600)
@task()
def tick() -> None:
    """Leave a line each hour."""
    note("tick")
