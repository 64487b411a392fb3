"""The locks are complete, hashed, and name no address: every place installs from its own mirror."""

import re

import pytest

from tests.house import ROOT

LOCKS = ["requirements.lock", "requirements-dev.lock"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(name):
    """Return the packages that an .in file names, with those of the file it includes."""
    lines = [line.partition("#")[0].strip() for line in read(name).splitlines()]
    words = [line for line in lines if line and not line.startswith("-r")]
    below = [line.removeprefix("-r").strip() for line in lines if line.startswith("-r")]
    return {plain(re.match(r"[\w.-]+", word)[0]) for word in words}.union(*map(asked_for, below))


def locked(name):
    return {
        plain(package): version
        for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", read(name), re.MULTILINE)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_path(lock):
    assert not re.search(
        r"http|://|file:|(^|[\s=@])[/\\]\w|--(extra-)?index|--find-links", read(lock)
    )


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock):
    blocks = re.split(r"\n(?=\S)", read(lock).strip())
    assert all(re.match(r"[\w.-]+(\[[\w,-]+\])?==\S+", block) for block in blocks)
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_all_that_was_asked_for(lock):
    assert asked_for(lock.replace(".lock", ".in")) <= set(locked(lock))


def test_the_checks_run_on_the_very_versions_that_a_town_runs_on():
    small, large = map(locked, LOCKS)
    assert small.items() <= large.items()


def test_every_package_asked_for_has_its_line_in_the_decision():
    decision = read("docs/adr/0002-dependencies.md").lower()
    named = {plain(name) for name in re.findall(r"^\| ([\w.-]+)", decision, re.MULTILINE)}
    assert asked_for("requirements-dev.in") <= named
