"""Bytes on the disk: durable before their row is committed, each file owned by exactly one row.

The name starts with the hash of the bytes, so that a file can be checked without the database, and
ends with the row's key, so that erasing one row never takes the bytes of another.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

FOLDER = "attachments"
_UNFINISHED = ".part"


def path_of(sha256: str, key: UUID) -> str:
    """Return where bytes with this hash lie for this row, relative to FILES_ROOT."""
    return f"{FOLDER}/{sha256[:2]}/{sha256}.{key}"


def write(target: Path, data: bytes) -> None:
    """Write a file whole or not at all, and wait until the disk has it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + _UNFINISHED)
    with unfinished.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def remove(*files: Path) -> None:
    """Remove files; one that is gone already is fine."""
    for file in files:
        file.unlink(missing_ok=True)


def list_old(before: float) -> Iterator[Path]:
    """Yield every file that was last written before a moment (seconds since 1970)."""
    folder = Path(settings.FILES_ROOT) / FOLDER
    for file in folder.glob("*/*"):
        with suppress(FileNotFoundError):  # erased meanwhile
            if file.stat().st_mtime < before:
                yield file


def owner_path(file: Path) -> str:
    """Return the `path` of the row that owns a file; a small copy belongs to its picture's row."""
    name = file.name.removesuffix(_UNFINISHED).removesuffix(".small")
    return f"{FOLDER}/{file.parent.name}/{name}"


def is_unfinished(file: Path) -> bool:
    """Say whether writing the file was cut off."""
    return file.name.endswith(_UNFINISHED)
