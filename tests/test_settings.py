"""Settings come from the environment; what cannot work is refused when Linli starts."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from tests.house import ROOT

GOOD = {
    "LINLI_MODE": "production",
    "LINLI_SECRET": "a-secret-of-this-town-" * 3,
    "LINLI_SEAL_KEY": "a-seal-of-this-town-" * 3,
    "LINLI_TLS": "proxy",
}


def start(tmp_path, **settings):
    """Load the settings in a process of its own; returns exit code and last line."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("LINLI_")}
    answer = subprocess.run(
        [sys.executable, "-m", "config", "check"],
        cwd=ROOT,
        env={
            **own,
            "LINLI_VAR": str(tmp_path),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **settings,
        },
        capture_output=True,
        text=True,
    )
    return answer.returncode, (answer.stderr.strip().splitlines() or [""])[-1]


def test_production_starts_with_all_it_needs(tmp_path):
    code, words = start(tmp_path, **GOOD)
    assert code == 0, words


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"LINLI_SECRET": ""}, "needs LINLI_SECRET and LINLI_SEAL_KEY"),
        ({"LINLI_SEAL_KEY": "short"}, "needs LINLI_SECRET and LINLI_SEAL_KEY"),
        ({"LINLI_DEBUG": "yes"}, "refuses to start with LINLI_DEBUG"),
        ({"LINLI_TLS": ""}, "needs LINLI_TLS"),
        ({"LINLI_TLS": "maybe"}, "needs LINLI_TLS"),
        ({"LINLI_MODE": "prod"}, "LINLI_MODE must be"),
        ({"LINLI_DATABASE": "mysql://x"}, "LINLI_DATABASE must look like"),
        ({"LINLI_DEBUG": "perhaps"}, "LINLI_DEBUG must be yes or no"),
        ({"LINLI_FILE_MAX_MB": "-1"}, "LINLI_FILE_MAX_MB must be a whole number"),
    ],
)
def test_what_cannot_work_is_refused_in_words(tmp_path, change, sentence):
    code, words = start(tmp_path, **{**GOOD, **change})
    assert code != 0
    assert sentence in words


@pytest.mark.slow
def test_one_computer_needs_nothing_and_keeps_its_secrets(tmp_path):
    assert start(tmp_path)[0] == 0
    kept = [(tmp_path / name).read_text() for name in ("secret.key", "seal.key")]
    assert all(len(secret) > 40 for secret in kept)
    assert all((tmp_path / name).stat().st_mode & 0o77 == 0 for name in ("secret.key", "seal.key"))
    assert start(tmp_path)[0] == 0
    assert [(tmp_path / name).read_text() for name in ("secret.key", "seal.key")] == kept


def test_a_database_address_may_have_special_characters():
    found = env.database("postgresql://town%40x:w%2Ford@db:5433/lin%20li")
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("town@x", "w/ord", "lin li")
    assert (found["HOST"], found["PORT"]) == ("db", "5433")


def test_what_postgres_is_told_behind_the_address_is_not_lost():
    found = env.database("postgresql://linli@db/linli?sslmode=verify-full&sslrootcert=%2Fca.pem")
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    assert found["OPTIONS"]["sslrootcert"] == "/ca.pem"


def test_a_relative_place_is_meant_from_linlis_folder(tmp_path):
    assert env.database("sqlite:///var/town.sqlite3")["NAME"] == str(ROOT / "var/town.sqlite3")
    assert env.database(f"sqlite:///{tmp_path}/a")["NAME"] == f"{tmp_path}/a"


def test_an_empty_key_file_is_no_key(tmp_path):
    (tmp_path / "seal.key").write_text("\n")
    code, words = start(tmp_path)
    assert code != 0
    assert "seal.key does not hold its secret" in words


def test_a_flag_takes_yes_or_no(monkeypatch):
    for word, meaning in {"yes": True, "NO": False, "1": True, "false": False, "": True}.items():
        monkeypatch.setenv("LINLI_TRY", word)
        assert env.flag("LINLI_TRY", default=True) is meaning
    monkeypatch.setenv("LINLI_TRY", "perhaps")
    with pytest.raises(ImproperlyConfigured, match="must be yes or no"):
        env.flag("LINLI_TRY", default=True)
    env.NAMES.pop("LINLI_TRY")
