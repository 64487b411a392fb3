"""What the documents say is true: commands exist, defaults are as used, links lead somewhere."""

import importlib.util
import re
import shlex
import subprocess
import sys

import pytest
from django.core.management import get_commands

from config import env
from config.settings import VAR
from tests.house import ROOT, sources

PAGES = sources("README*.md", "CHANGELOG.md", "docs/**/*.md")
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(python3 start\.py [^`]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#]+)(?:#[^)]*)?\)")
ROW = re.compile(r"^\| `(LINLI_\w+)` ●? ?\| (?:`([^`]*)`|–) \|", re.MULTILINE)
SETTING = re.compile(r"LINLI_[A-Z][A-Z_]+")


def read(path):
    return path.read_text(encoding="utf-8")


def commands():
    """Return every start.py command line that a document shows."""
    for page in PAGES:
        text = read(page)
        shown = [line for block in SHELL.findall(text) for line in block.splitlines()]
        for line in [*shown, *INLINE.findall(text)]:
            words = shlex.split(line, comments=True)
            if words[:2] == ["python3", "start.py"]:
                yield page.name, words[2:]


def parser():
    spec = importlib.util.spec_from_file_location("start", ROOT / "start.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["start"] = module
    spec.loader.exec_module(module)
    return module.parser()


@pytest.mark.parametrize(("page", "words"), list(commands()), ids=str)
def test_a_command_can_be_given_as_it_is_shown(page, words):
    if "|" in words or any(word.isupper() for word in words):
        words = [word for word in words if not word.isupper()]
        assert words[0] in {"demo", "linli"}
        return
    options, rest = parser().parse_known_args(words)
    assert rest == []
    if options.command == "linli":
        assert options.words[0].replace("-", "_") in get_commands()


def test_there_are_commands_to_look_at():
    assert {words[0] for _, words in commands()} >= {"demo", "serve", "test", "linli"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_link_leads_somewhere(page):
    assert [link for link in LINK.findall(read(page)) if not (page.parent / link).exists()] == []


def settings_page():
    return dict(ROW.findall(read(ROOT / "docs/settings.md")))


def test_every_setting_is_described_and_every_description_is_of_one():
    code = sources("config/*.py", "start.py", "linli/**/*.py")
    used = {name for path in code for name in SETTING.findall(read(path))}
    assert sorted(settings_page()) == sorted(used)


def test_every_default_is_the_one_that_is_used():
    page = settings_page()
    for name, default in env.NAMES.items():
        shown = str(default).replace(str(VAR), "var").replace(str(ROOT / "var"), "var")
        assert page[name] == shown, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_one_title_and_closes_its_blocks(page):
    text = read(page)
    assert text.startswith("# ")
    assert text.count("```") % 2 == 0


def test_no_page_names_a_machine():
    text = "\n".join(map(read, PAGES))
    assert not re.search(r"/(?:root|home|work)/", text)


def test_start_explains_itself():
    words = [sys.executable, str(ROOT / "start.py"), "--help"]
    answer = subprocess.run(words, capture_output=True, text=True, check=True)
    assert all(word in answer.stdout for word in ("demo", "serve", "test", "linli"))
