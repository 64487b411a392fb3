"""Erased is erased: no bytes, no name; and no crash leaves a file or a row alone."""

import os
import time

import pytest
from django.db import transaction

from linli.audit.models import Entry, Salt
from linli.audit.queries import verify
from linli.documents.models import Attachment
from linli.documents.services import attaching, erasing, storing
from linli.documents.services.attaching import attach
from linli.documents.tests.files import THING, picture, upload
from linli.kit import clock
from linli.kit.errors import Forbidden, Unseen

TWO_HOURS_AGO = -2 * 60 * 60


def files(folder):
    return sorted(file for file in folder.rglob("*") if file.is_file())


def age(folder):
    """Let all files lie there since two hours ago."""
    for file in files(folder):
        moment = time.time() + TWO_HOURS_AGO
        os.utime(file, (moment, moment))


@pytest.mark.django_db
def test_li_na_erases_a_photo(lina, folder, django_capture_on_commit_callbacks):
    photo = attach(THING, upload(picture()), actor=lina)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_attachment(photo.pk, actor=lina)
    assert files(folder) == []
    photo.refresh_from_db()
    assert (photo.name, photo.path, photo.sha256, photo.received_sha256) == ("", "", "", "")
    assert photo.erased_at
    assert Entry.objects.filter(act="attachment.erased", subject=photo.subject).exists()
    assert not Salt.objects.filter(entry__subject=photo.subject).exists()
    assert list(verify()) == []
    with pytest.raises(Unseen):
        erasing.erase_attachment(photo.pk, actor=lina)


@pytest.mark.django_db
def test_erasing_one_leaves_the_same_picture_elsewhere(lina, django_capture_on_commit_callbacks):
    first = attach(THING, upload(picture()), actor=lina)
    second = attach(THING, upload(picture()), actor=lina)
    with django_capture_on_commit_callbacks(execute=True):
        erasing.erase_attachment(first.pk, actor=lina)
    assert second.file.exists()
    assert second.small_file.exists()


@pytest.mark.django_db
def test_who_may_only_see_does_not_erase(lina, chen):
    photo = attach(THING, upload(picture()), actor=lina)
    with pytest.raises(Forbidden):
        erasing.erase_attachment(photo.pk, actor=chen)
    assert photo.file.exists()


@pytest.mark.django_db
def test_all_files_of_a_matter_are_erased(lina, folder, django_capture_on_commit_callbacks):
    for _ in range(3):
        attach(THING, upload(picture()), actor=lina)
    with django_capture_on_commit_callbacks(execute=True):
        assert erasing.erase_all(THING, actor=lina) == 3
    assert files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_a_refused_verb_leaves_no_row_and_after_the_sweep_no_file(lina, folder):
    with transaction.atomic():
        attach(THING, upload(picture()), actor=lina)
        transaction.set_rollback(True)
    assert not Attachment.objects.exists()
    assert len(files(folder)) == 2
    assert erasing.sweep(clock.now(), 500) == 0, "a verb that still runs keeps its files"
    age(folder)
    assert erasing.sweep(clock.now(), 500) == 2
    assert files(folder) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["open", "replace", "fsync"])
def test_a_crash_while_writing_leaves_no_row_and_after_the_sweep_no_file(
    lina, folder, monkeypatch, step
):
    def gone(*_args, **_options):
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        if step == "fsync":
            broken.setattr(os, "fsync", gone)
        else:
            broken.setattr(f"pathlib.Path.{step}", gone)
        with pytest.raises(OSError, match="gone"):
            attach(THING, upload(picture()), actor=lina)
    assert not Attachment.objects.exists()
    age(folder)
    erasing.sweep(clock.now(), 500)
    assert files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_file_was_removed_is_made_good_by_the_sweep(lina, folder, monkeypatch):
    photo = attach(THING, upload(picture()), actor=lina)
    with monkeypatch.context() as crashed:
        crashed.setattr(storing, "remove", lambda *_files: None)
        erasing.erase_attachment(photo.pk, actor=lina)
    assert len(files(folder)) == 2
    age(folder)
    assert erasing.sweep(clock.now(), 500) == 2
    assert files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_the_sweep_leaves_every_file_that_has_a_row(lina, folder):
    photo = attach(THING, upload(picture()), actor=lina)
    (folder / "attachments" / "00").mkdir(exist_ok=True)
    for n in range(5):
        (folder / "attachments" / "00" / f"stray{n}").write_bytes(b"x")
    age(folder)
    assert erasing.sweep(clock.now(), 2) == 2
    assert erasing.sweep(clock.now(), 500) == 3
    assert erasing.sweep(clock.now(), 500) == 0
    assert files(folder) == sorted([photo.file, photo.small_file])


@pytest.mark.django_db(transaction=True)
def test_the_file_is_there_before_the_row_is_committed(lina, monkeypatch):
    seen = []
    monkeypatch.setattr(
        attaching,
        "_store",
        lambda one, prepared: seen.append((one, transaction.get_connection().in_atomic_block)),
    )
    one = attach(THING, upload(picture()), actor=lina)
    assert seen == [(one, True)]
