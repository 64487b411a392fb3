"""`verify-trail` finds everything that can be done to a trail behind the triggers' back."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from linli.audit.models import Entry, Head, Root, Salt
from linli.audit.services import forget, publish_root, record
from linli.audit.tests.actors import OTHER_TOWN, OTHER_WORKER, TOWN, WORKER
from linli.kit import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def trail():
    for number in range(1, 6):
        record("case.reported", f"case:{number}", actor=WORKER, channel="web", urgency="P3")
    publish_root(TOWN, timezone.localdate(clock.now()))
    record("case.closed", "case:1", actor=WORKER)
    record("case.reported", "case:6", actor=OTHER_WORKER)


@pytest.fixture
def published(tmp_path):
    """The file that somebody saved from the public page while the trail still held."""
    rows = [{"township": one.township, "day": str(one.day), "root": one.root} for one in _roots()]
    file = tmp_path / "trail.json"
    file.write_text(json.dumps({"items": rows}), encoding="utf-8")
    return file


def _roots():
    return Root.objects.all()


def verify(*arguments):
    out = StringIO()
    call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def faults(*arguments):
    out = StringIO()
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify_trail", *arguments, stdout=out)
    return out.getvalue()


def entry(seq):
    return Entry.objects.get(township=TOWN, seq=seq)


def rewrite_from(seq):
    """Do what a thorough forger would: give every later row, and the end, a hash that fits."""
    previous = entry(seq - 1).hash
    for row in Entry.objects.filter(township=TOWN, seq__gte=seq).order_by("seq"):
        row.previous = previous
        row.hash = previous = row.computed_hash()
        row.save()
    Head.objects.filter(township=TOWN).update(hash=previous)


def test_an_untouched_trail_holds(published):
    assert verify("--roots", str(published)) == "The trail holds: 7 entries.\n"


def test_an_empty_trail_holds(tampering):
    with tampering():
        for rows in (Entry, Head, Root):
            rows.objects.all().delete()
    assert verify() == "The trail holds: 0 entries.\n"


@pytest.mark.parametrize(
    "change",
    [
        {"facts": "{}"},
        {"actor": "post:somebody-else"},
        {"act": "case.withdrawn"},
        {"subject": "case:9"},
        {"at": timezone.make_aware(timezone.datetime(2020, 1, 1))},
    ],
)
def test_it_finds_a_changed_row(change, tampering):
    with tampering():
        Entry.objects.filter(township=TOWN, seq=3).update(**change)
    assert faults() == f"{TOWN} #3: was changed after it was written\n"


def test_it_finds_a_removed_row(tampering):
    with tampering():
        entry(6).delete()
        Entry.objects.filter(township=TOWN, seq=3).delete()
    found = faults()
    assert f"{TOWN} #3: entries 3 to 3 are missing" in found
    assert f"{TOWN} #6: the chain ends at 5, not where it was left" in found


def test_it_finds_a_reordered_row(tampering):
    with tampering():
        Entry.objects.filter(township=TOWN, seq=2).update(seq=99)
        Entry.objects.filter(township=TOWN, seq=3).update(seq=2)
        Entry.objects.filter(township=TOWN, seq=99).update(seq=3)
    found = faults()
    assert f"{TOWN} #2: does not follow the entry before it" in found
    assert f"{TOWN} #3: was changed after it was written" in found


def test_it_finds_a_removed_tail(tampering):
    with tampering():
        Entry.objects.filter(township=TOWN, seq=6).delete()
    assert faults() == f"{TOWN} #6: the chain ends at 5, not where it was left\n"


def test_it_finds_a_removed_tail_that_was_covered_up(tampering):
    with tampering():
        Entry.objects.filter(township=TOWN, seq__gte=5).delete()
        Head.objects.filter(township=TOWN).update(seq=4, hash=entry(4).hash)
    assert "do not give its root" in faults()


def test_it_finds_a_chain_whose_end_was_removed(tampering):
    with tampering():
        Head.objects.filter(township=OTHER_TOWN).delete()
    assert faults() == f"{OTHER_TOWN} #0: the chain ends at 1, not where it was left\n"


@pytest.mark.parametrize("change", [{"root": "0" * 64}, {"head": "0" * 64}, {"last": 4}])
def test_it_finds_a_changed_root(change, tampering):
    with tampering():
        Root.objects.update(**change)
    assert "do not give its root" in faults()


def test_it_finds_a_root_that_leaves_entries_out(tampering):
    with tampering():
        Root.objects.all().delete()
    record("case.closed", "case:2", actor=WORKER)
    with tampering():
        publish_root(TOWN, timezone.localdate(clock.now()))
        Root.objects.update(first=2)
    assert "leaves entries out" in faults()


def test_it_finds_a_rewritten_history_by_the_root_that_was_published(published, tampering):
    with tampering():
        Entry.objects.filter(township=TOWN, seq=2).update(facts="{}")
        rewrite_from(2)
        Root.objects.all().delete()
        publish_root(TOWN, timezone.localdate(clock.now()))
    assert verify() == "The trail holds: 7 entries.\n"
    assert "differs from the published one" in faults("--roots", str(published))


def test_it_finds_a_published_root_that_is_gone(published, tampering):
    with tampering():
        Root.objects.all().delete()
    assert "the published root of" in faults("--roots", str(published))


def test_forgetting_personal_values_leaves_it_whole(published):
    record("case.contact_given", "case:1", actor=WORKER, personal={"phone": "13900000000"})
    assert forget("case:1") == 1
    assert not Salt.objects.exists()
    assert verify("--roots", str(published)) == "The trail holds: 8 entries.\n"


@pytest.mark.parametrize("content", ["", "[]", '{"items": [{"day": 1}]}', '{"items": 7}'])
def test_a_file_that_is_not_a_list_of_roots_is_refused_in_words(content, tmp_path):
    file = tmp_path / "trail.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="is not a list of roots"):
        verify("--roots", str(file))


def test_a_missing_file_is_refused_in_words(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        verify("--roots", str(tmp_path / "nothing.json"))


def test_nothing_is_left_of_a_verb_that_failed():
    class Failed(Exception):
        pass

    def verb():
        with transaction.atomic():
            record("case.closed", "case:2", actor=WORKER)
            raise Failed

    with pytest.raises(Failed):
        verb()
    assert not Entry.objects.filter(subject="case:2", act="case.closed").exists()
    record("case.closed", "case:3", actor=WORKER)
    assert verify() == "The trail holds: 8 entries.\n"
