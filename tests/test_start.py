"""`start.py` does the thing, or says in one sentence what stands in the way."""

import ast
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FAKE_PYTHON = """#!/bin/sh
echo "$@" >> "{root}/calls"
case "$2 $3" in
  "granian "*) exec {python} "{root}/web.py" ;;
  "config work") {worker} ;;
  "config migrate") touch "{root}/var/linli.sqlite3" ;;
  "config load_demo") [ "$4" = "--accounts" ] && echo "desk / desk-word" ;;
  "config broken") echo "it broke"; exit 1 ;;
esac
true
"""
FAKE_WEB = """
import http.server, pathlib, sys
class Alive(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_):
        pass
http.server.HTTPServer(("127.0.0.1", {port}), Alive).serve_forever()
"""


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    for name in ("LINLI_VAR", "LINLI_DATABASE", "LINLI_MODE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def house(tmp_path):
    """A copy of what start.py needs, without an environment."""
    for name in ("start.py", "requirements.lock", "requirements-dev.lock"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def furnished(house, port):
    """A copy whose environment stands already and whose programs only pretend."""
    furnish(house, port)
    return house


def furnish(house, port, worker="exec sleep 60"):
    python = house / ".venv/bin/python"
    python.parent.mkdir(parents=True, exist_ok=True)
    python.write_text(FAKE_PYTHON.format(root=house, python=sys.executable, worker=worker))
    python.chmod(0o755)
    (house / "web.py").write_text(FAKE_WEB.format(port=port))
    digest = hashlib.sha256((house / "requirements.lock").read_bytes()).hexdigest()
    (house / ".venv/requirements.lock.sha256").write_text(digest)


def load(house):
    """Return the copy of start.py as a module."""
    spec = importlib.util.spec_from_file_location("start_copy", house / "start.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["start_copy"] = module
    spec.loader.exec_module(module)
    return module


def run(house, *words, **environment):
    return subprocess.run(
        [sys.executable, str(house / "start.py"), *words],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PATH": "/usr/bin:/bin", **environment},
    )


def calls(house):
    lines = (house / "calls").read_text().splitlines()
    return [" ".join(line.split()[1:3]) for line in lines]


def one_sentence(text):
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


def begin(house, *words):
    return subprocess.Popen(
        [sys.executable, str(house / "start.py"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until_address(process):
    for line in process.stdout:
        if line.startswith("Linli: "):
            return line
    raise AssertionError(process.stderr.read())


# What stands in the way


def test_an_old_python_gets_a_sentence(house, capsys, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(sys, "version", "3.8.10 (default)")
    assert load(house).main(["demo"]) == 2
    assert "needs Python 3.11 or newer and this is 3.8.10" in one_sentence(capsys.readouterr().err)


def test_an_old_python_can_read_it():
    ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_a_python_without_venv_is_told_the_package(house, capsys, monkeypatch):
    start = load(house)
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(start.shutil, "which", lambda name: None)
    assert start.main(["linli", "check"]) == 2
    assert "apt install python3-venv" in one_sentence(capsys.readouterr().err)


def test_a_venv_that_cannot_be_made_is_said(house, capsys, monkeypatch):
    start = load(house)
    monkeypatch.setattr(start, "run", lambda *words, **more: (1, "no space left"))
    assert start.main(["linli", "check"]) == 2
    assert "could not be made" in capsys.readouterr().err


@pytest.mark.slow
def test_without_a_network_it_says_so_and_starts_again_from_there(house):
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PATH": "/bin"}
    for _ in range(2):
        answer = run(house, "linli", "check", **nowhere)
        assert answer.returncode == 2
        assert "requirements.lock could not be fetched; check the network" in answer.stderr
        assert "Traceback" not in answer.stderr
    assert not (house / ".venv/requirements.lock.sha256").read_text()


def test_uv_is_tried_first_and_pip_when_it_fails(house, capsys, monkeypatch):
    start, tried = load(house), []

    def fail(*words, **more):
        tried.append(Path(words[0]).name)
        return 1, "no"

    monkeypatch.setattr(start.shutil, "which", lambda name: "/opt/uv")
    monkeypatch.setattr(start, "make_venv", lambda: None)
    monkeypatch.setattr(start, "run", fail)
    assert start.main(["linli", "check"]) == 2
    assert tried == ["uv", "python"]


def test_a_folder_that_cannot_be_written_is_said(house):
    (house / ".venv").write_text("in the way")
    answer = run(house, "linli", "check")
    assert answer.returncode == 2
    assert "Nothing can be written in" in one_sentence(answer.stderr)


def test_a_data_folder_that_cannot_be_written_is_said(furnished, tmp_path):
    (tmp_path / "file").write_text("")
    answer = run(furnished, "demo", "--no-serve", LINLI_VAR=str(tmp_path / "file" / "var"))
    assert answer.returncode == 2
    assert "set LINLI_VAR to another folder" in one_sentence(answer.stderr)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_busy_port_is_said_before_anything_is_done(house, command):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        answer = run(house, command, "--port", str(port))
    assert answer.returncode == 2
    assert f"{command} --port {port + 1}" in one_sentence(answer.stderr)
    assert not (house / ".venv").exists()


@pytest.mark.parametrize("words", [[], ["fly"], ["demo", "--port", "0"], ["demo", "--port", "x"]])
def test_words_that_mean_nothing_are_said(house, words):
    assert run(house, *words).returncode == 2


def test_an_unknown_option_is_said(house):
    answer = run(house, "demo", "--fast")
    assert answer.returncode == 2
    assert "demo does not know --fast" in one_sentence(answer.stderr)


def test_a_command_that_fails_ends_it(furnished):
    python = furnished / ".venv/bin/python"
    python.write_text(
        python.read_text().replace("config load_demo", "config x").replace("broken", "load_demo")
    )
    answer = run(furnished, "demo", "--no-serve")
    assert answer.returncode == 2
    assert "it broke" in answer.stdout
    assert "load_demo did not work" in one_sentence(answer.stderr)


# What it does


def test_demo_prepares_in_order_and_no_serve_stops_there(furnished):
    assert run(furnished, "demo", "--no-serve").returncode == 0
    assert calls(furnished) == ["config migrate", "config collectstatic", "config load_demo"]


def test_an_environment_that_fits_is_left_alone(furnished):
    answer = run(furnished, "linli", "check")
    assert answer.returncode == 0
    assert "installing" not in answer.stdout


def test_a_changed_lock_is_installed(furnished):
    with (furnished / "requirements.lock").open("a") as lock:
        lock.write("# newer\n")
    run(furnished, "linli", "check")
    assert calls(furnished) == ["pip install", "config check"]


def test_demo_says_where_it_is_and_ends_cleanly(furnished, port):
    process = begin(furnished, "demo", "--port", str(port))
    assert f"http://127.0.0.1:{port}/" in until_address(process)
    assert "desk / desk-word" in [process.stdout.readline().strip() for _ in range(2)]
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert not answers(port)


def test_ctrl_c_ends_it_cleanly(furnished, port):
    process = begin(furnished, "serve", "--port", str(port), "--no-migrate")
    until_address(process)
    assert "config migrate" not in calls(furnished)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


def test_all_stops_when_one_part_ends(house, port):
    furnish(house, port, worker="sleep 1; exit 3")
    process = begin(house, "serve", "--port", str(port))
    begun = time.monotonic()
    _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "The worker ended by itself (exit code 3)" in one_sentence(err)
    assert time.monotonic() - begun < 15


def test_reset_removes_the_sample_town(furnished):
    run(furnished, "demo", "--no-serve")
    (furnished / "var/files").mkdir()
    (furnished / "var/linli.sqlite3").write_text("old")
    assert run(furnished, "demo", "--no-serve", "--reset").returncode == 0
    assert (furnished / "var/linli.sqlite3").read_text() == ""
    assert not (furnished / "var/files").exists()


def test_reset_leaves_everything_else_alone(furnished):
    files = ("linli.sqlite3.kept", "seal.key", "letter.txt")
    run(furnished, "demo", "--no-serve")
    for name in files:
        (furnished / "var" / name).write_text("ours")
    assert run(furnished, "demo", "--no-serve", "--reset").returncode == 0
    assert all((furnished / "var" / name).read_text() == "ours" for name in files)


def test_reset_leaves_the_files_of_a_town_on_another_server_alone(furnished):
    (furnished / "var/files").mkdir(parents=True)
    (furnished / "var/files/photo").write_text("ours")
    run(furnished, "demo", "--no-serve", "--reset")
    assert (furnished / "var/files/photo").exists()


def test_only_its_owner_reads_the_data_folder(furnished):
    run(furnished, "demo", "--no-serve")
    assert (furnished / "var").stat().st_mode & 0o77 == 0


def test_a_relative_data_folder_is_meant_from_linlis_folder(furnished):
    run(furnished, "demo", "--no-serve", LINLI_VAR="elsewhere")
    assert (furnished / "elsewhere/sample-town").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells children of it.")
def test_an_end_by_force_leaves_nothing_running(furnished, port):
    process = begin(furnished, "serve", "--port", str(port))
    until_address(process)
    process.kill()
    process.communicate(timeout=20)
    until = time.monotonic() + 10
    while answers(port):
        assert time.monotonic() < until
        time.sleep(0.1)


def test_of_two_that_start_at_once_one_is_told(furnished, port):
    both = [begin(furnished, "serve", "--port", str(port)) for _ in range(2)]
    until = time.monotonic() + 20
    while all(one.poll() is None for one in both):
        assert time.monotonic() < until
        time.sleep(0.1)
    loser, winner = sorted(both, key=lambda one: one.poll() is None)
    assert loser.returncode == 2
    assert "cannot be used" in one_sentence(loser.communicate()[1])
    winner.send_signal(signal.SIGTERM)
    winner.communicate(timeout=20)


def test_reset_never_removes_a_towns_own_data(furnished):
    (furnished / "var").mkdir()
    (furnished / "var/linli.sqlite3").write_text("ours")
    answer = run(furnished, "demo", "--no-serve", "--reset")
    assert answer.returncode == 2
    assert "was not made by demo" in one_sentence(answer.stderr)
    assert (furnished / "var/linli.sqlite3").read_text() == "ours"
    answer = run(furnished, "demo", "--no-serve", "--reset", LINLI_DATABASE="postgresql://x/y")
    assert "LINLI_DATABASE is set" in one_sentence(answer.stderr)


def test_linli_passes_words_folder_and_exit_code_on(furnished, tmp_path):
    answer = run(furnished, "linli", "broken", "--deploy", "a file")
    assert answer.returncode == 1
    assert (furnished / "calls").read_text() == "-m config broken --deploy a file\n"


def test_a_failed_check_fails_all_and_is_named(furnished):
    start = load(furnished)
    assert not start.check(start.Step("word", ["python", "-m", "config", "broken"]))
    assert start.check(start.Step("word", ["python", "-m", "config", "check"]))


def test_every_check_is_a_program_of_the_locks():
    start = load(ROOT)
    programs = {step.words[0] for step in start.list_checks()}
    assert programs == {"ruff", "mypy", "lint-imports", "djlint", "djade", "python"}
