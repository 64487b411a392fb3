"""Every sentence has its Chinese, compiled, and nothing is left over or half done."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from tests.house import ROOT, sources

FILES = sources("linli/*/locale/zh_Hans/LC_MESSAGES/django.po")
PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
SAID = re.compile(r"gettext|{% (?:translate|blocktranslate)")


def app_of(path):
    return path.parts[-5]


@pytest.fixture(params=FILES, ids=app_of)
def file(request):
    return request.param


def test_every_app_that_speaks_has_its_file():
    speaking = {
        path.relative_to(ROOT).parts[1]
        for path in sources("linli/*/**/*.py", "linli/*/**/*.html")
        if "tests" not in path.parts and SAID.search(path.read_text(encoding="utf-8"))
    }
    assert speaking <= {app_of(path) for path in FILES}


def test_it_is_complete_and_nothing_is_fuzzy(file):
    po = polib.pofile(file)
    open_ = [entry.msgid for entry in po if not entry.translated() or "fuzzy" in entry.flags]
    assert open_ == []
    assert [entry.msgid for entry in po.obsolete_entries()] == []


def test_every_place_in_a_sentence_is_kept(file):
    for entry in polib.pofile(file):
        said = [entry.msgstr, *entry.msgstr_plural.values()]
        asked = set(PLACES.findall(entry.msgid))
        assert all(set(PLACES.findall(one)) == asked for one in said if one), entry.msgid


def test_it_is_compiled(file):
    def meaning(entries):
        return {(one.msgctxt, one.msgid): (one.msgstr, str(one.msgstr_plural)) for one in entries}

    assert meaning(polib.mofile(file.with_suffix(".mo"))) == meaning(polib.pofile(file))


@pytest.mark.skipif(not shutil.which("xgettext"), reason="gettext is not installed.")
def test_no_sentence_is_missing_or_stale(file, tmp_path):
    made = shutil.ignore_patterns("__pycache__", "tests", "migrations", "static")
    app = tmp_path / app_of(file)
    shutil.copytree(ROOT / "linli" / app_of(file), app, ignore=made)
    words = ["makemessages", "-l", "zh_Hans", "--no-location", "--no-obsolete", "-v0"]
    program = Path(sys.executable).with_name("django-admin")
    own = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([program, *words], cwd=app, env=own, check=True)
    fresh = polib.pofile(app / file.relative_to(ROOT / "linli" / app_of(file)))
    assert {entry.msgid for entry in fresh} == {entry.msgid for entry in polib.pofile(file)}


def test_one_word_has_one_translation():
    """All apps share one catalogue: where two differ, the first one speaks for both."""
    said = {}
    for path in FILES:
        for entry in polib.pofile(path):
            word = (entry.msgctxt, entry.msgid)
            said.setdefault(word, {})[app_of(path)] = entry.msgstr or str(entry.msgstr_plural)
    assert {word: by for word, by in said.items() if len(set(by.values())) > 1} == {}
