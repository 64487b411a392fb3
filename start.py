#!/usr/bin/env python3
"""Linli's one command: makes .venv, installs the locked packages, does the thing.

Only the standard library, in syntax that an older Python can read, so that it gets a sentence too.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VAR = ROOT / (os.environ.get("LINLI_VAR") or "var")
DATABASE = VAR / "linli.sqlite3"
SAMPLE = VAR / "sample-town"  # says that this folder was begun by `demo`
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
POSTGRES = "postgresql://postgres@127.0.0.1:5432/linli"
PRODUCTION = {
    "LINLI_MODE": "production",
    "LINLI_TLS": "proxy",
    **dict.fromkeys(("LINLI_SECRET", "LINLI_SEAL_KEY"), "for-the-check-only-" * 4),
}


class Stop(Exception):
    """Something that the user has to change first, in one sentence; exit code 2."""


def main(words: list[str]) -> int:
    """Do what the words say; returns the exit code."""
    try:
        return do(words)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def do(words: list[str]) -> int:
    """Find the command and run it."""
    if sys.version_info[:2] < OLDEST:
        raise Stop(
            f"Linli needs Python 3.11 or newer and this is {sys.version.split()[0]}; "
            "start it with a newer one, such as: python3.11 start.py demo"
        )
    options, rest = parser().parse_known_args(words)
    if rest and options.command != "test":
        raise Stop(f"{options.command} does not know {rest[0]}; see: python3 start.py --help")
    return int(options.run(options, rest))


def parser() -> argparse.ArgumentParser:
    """Return the commands and their options."""
    top = argparse.ArgumentParser(prog="start.py", description=(__doc__ or "").splitlines()[0])
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    demo = commands.add_parser("demo", help="start Linli with its sample town")
    demo.add_argument("--reset", action="store_true", help="begin with a fresh sample town")
    demo.add_argument("--no-serve", action="store_true", help="only prepare it")
    demo.set_defaults(run=run_demo)
    serve = commands.add_parser("serve", help="start Linli with the town's own data")
    serve.add_argument("--no-migrate", action="store_true", help="leave the database as it is")
    serve.set_defaults(run=run_serve)
    for command in (demo, serve):
        command.add_argument("--host", default="127.0.0.1", help="address to listen on")
        command.add_argument("--port", type=int, default=8000, choices=range(1, 65536), metavar="N")
        command.add_argument("--workers", type=int, default=2, help="web processes; default: 2")
    test = commands.add_parser("test", help="check everything; further words go to pytest")
    test.add_argument("--fast", action="store_true", help="leave out slow tests and the browser")
    test.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    test.add_argument("--only", choices=["checks", "tests"], help="only this half")
    test.set_defaults(run=run_test)
    linli = commands.add_parser("linli", help="run a management command", add_help=False)
    linli.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND …")
    linli.set_defaults(run=run_linli)
    return top


def prepare(lock: str = "requirements.lock") -> None:
    """Make .venv hold exactly what the lock says; at once where it does already."""
    stamp = VENV / f"{lock}.sha256"
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == digest(lock):
        return
    try:
        VENV.mkdir(exist_ok=True)
        for old in VENV.glob("*.sha256"):
            old.unlink()
        stamp.touch()
    except OSError as error:
        raise Stop(
            f"Nothing can be written in {ROOT} ({error.strerror}); copy Linli to a folder of yours."
        ) from error
    if not PYTHON.exists():
        make_venv()
    install(lock)
    for name in {lock, "requirements.lock"}:  # requirements-dev.lock holds the other one too
        (VENV / f"{name}.sha256").write_text(digest(name))


def digest(lock: str) -> str:
    """Return the hash of a lock file."""
    return hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()


def make_venv() -> None:
    """Make the virtual environment."""
    say("making .venv")
    uv = shutil.which("uv")
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        code, words = run(sys.executable, "-m", "venv", "--clear", str(VENV))
    elif uv:
        code, words = run(uv, "venv", "--python", sys.executable, "--clear", str(VENV))
    else:
        raise Stop(
            "This Python cannot make virtual environments; "
            "on Debian or Ubuntu, as root: apt install python3-venv"
        )
    if code:
        print(words, file=sys.stderr)
        raise Stop(f"{VENV} could not be made; remove that folder and run this again.")


def install(lock: str) -> None:
    """Install the lock with uv where it is at hand, else with pip and the user's own settings."""
    say(f"installing {lock}")
    ways = [[str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check"]]
    uv = shutil.which("uv")
    if uv:
        ways.insert(0, [uv, "pip", "install", "-q", "--python", str(PYTHON)])
    for way in ways:
        code, words = run(*way, "--require-hashes", "-r", str(ROOT / lock))
        if code == 0:
            return
        print("\n".join(words.strip().splitlines()[-3:]), file=sys.stderr)
    raise Stop(
        f"The packages of {lock} could not be fetched; check the network and pip's settings "
        "(pip config list), then run this again."
    )


def run_linli(options: argparse.Namespace, _rest: list[str]) -> int:
    """Run one management command in the user's own folder."""
    prepare()
    words = [str(PYTHON), "-m", "config", *options.words]
    return subprocess.call(words, env={**os.environ, "PYTHONPATH": str(ROOT)})


def run_demo(options: argparse.Namespace, _rest: list[str]) -> int:
    """Start the sample town."""
    turn = take_turn(options)
    if options.reset:
        reset()
    os.environ.setdefault("LINLI_TOWN_NAME", "洛阳镇（演示）")
    os.environ.setdefault("LINLI_ADDRESS", f"http://{reachable(options.host)}:{options.port}")
    migrate(VAR / ".writable" if DATABASE.exists() else SAMPLE)
    say("loading the sample town (one to two minutes the first time)")
    manage("load_demo")
    if options.no_serve:
        return 0
    return serve(options, turn, accounts=True)


def run_serve(options: argparse.Namespace, _rest: list[str]) -> int:
    """Start the town's own Linli."""
    turn = take_turn(options)
    if not options.no_migrate:
        migrate(VAR / ".writable")
    return serve(options, turn)


def take_turn(options: argparse.Namespace) -> int:
    """Prepare .venv while no other start.py does; closing what is returned ends the turn."""
    check_port(options)
    turn = os.open(os.devnull if os.name == "nt" else ROOT, os.O_RDONLY)
    if os.name != "nt":
        importlib.import_module("fcntl").flock(turn, 2)  # LOCK_EX
    prepare()
    return turn


def reset() -> None:
    """Remove the sample town, and never anything else."""
    if os.environ.get("LINLI_DATABASE"):
        raise Stop("--reset removes only the SQLite file in var/; here LINLI_DATABASE is set.")
    if DATABASE.exists() and not SAMPLE.exists():
        raise Stop(
            f"{DATABASE} was not made by demo, so --reset leaves it alone; "
            "set LINLI_VAR to another folder, or remove it yourself."
        )
    if SAMPLE.exists():
        for end in ("", "-wal", "-shm"):
            Path(f"{DATABASE}{end}").unlink(missing_ok=True)
        shutil.rmtree(VAR / "files", ignore_errors=True)


def migrate(mark: Path) -> None:
    """Bring the database and the static files up to date, in a folder that only we may read."""
    try:
        VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        mark.touch()
    except OSError as error:
        raise Stop(
            f"Nothing can be written in {VAR} ({error.strerror}); set LINLI_VAR to another folder."
        ) from error
    manage("migrate", "--verbosity=0")
    manage("collectstatic", "--verbosity=0", "--no-input")


def manage(*words: str) -> None:
    """Run a management command of Linli's; a failure ends everything."""
    if subprocess.call([str(PYTHON), "-m", "config", *words], cwd=ROOT):
        raise Stop(f"{words[0]} did not work; the lines above say why.")


def check_port(options: argparse.Namespace) -> None:
    """Refuse a port that somebody else listens on."""
    if getattr(options, "no_serve", False):
        return
    try:
        socket.create_server((options.host, options.port)).close()
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]
        raise Stop(
            f"Port {options.port} of {options.host} cannot be used ({why}); try another: "
            f"python3 start.py {options.command} --port {options.port % 65535 + 1}"
        ) from error


def serve(options: argparse.Namespace, turn: int, *, accounts: bool = False) -> int:
    """Run web server and worker until Ctrl-C or SIGTERM; if one of them ends, both do."""
    for name in {"SIGTERM", "SIGHUP"} & set(dir(signal)):  # Windows has no SIGHUP
        signal.signal(getattr(signal, name), lambda *_: sys.exit(0))
    check_port(options)  # others had their turn meanwhile
    web = ["granian", "--interface", "wsgi", "--no-ws", "--blocking-threads", "8"]
    web += ["--log-level", "warning"]
    web += ["--host", options.host, "--port", str(options.port), "--workers", str(options.workers)]
    parts: dict[str, Popen[bytes]] = {}
    try:
        parts["web server"] = start(*web, "config.wsgi:application")
        parts["worker"] = start("config", "work")
        wait_until_alive(options, parts)
        os.close(turn)
        print(f"\nLinli: http://{options.host}:{options.port}/   (Ctrl-C stops it)\n", flush=True)
        if accounts:
            manage("load_demo", "--accounts")
        while True:
            check_alive(parts)
            time.sleep(0.5)
    except KeyboardInterrupt:
        say("stopping")
        return 0
    finally:
        stop(parts)


def start(*words: str) -> Popen[bytes]:
    """Start a part in a session of its own: Ctrl-C reaches it through us, and it ends with us."""
    tie = (lambda: ctypes.CDLL(None).prctl(1, signal.SIGTERM)) if sys.platform == "linux" else None
    return Popen([str(PYTHON), "-m", *words], cwd=ROOT, start_new_session=True, preexec_fn=tie)  # noqa: PLW1509 - no threads here


def wait_until_alive(options: argparse.Namespace, parts: dict[str, Popen[bytes]]) -> None:
    """Wait until the web server answers."""
    host = reachable(options.host)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        check_alive(parts)
        try:
            with urllib.request.urlopen(f"http://{host}:{options.port}/healthz", timeout=5):
                return
        except urllib.request.HTTPError:
            return  # it answers, if only to say that it wants https
        except OSError:
            time.sleep(0.1)
    raise Stop("The web server does not answer; the lines above say why.")


def reachable(host: str) -> str:
    """Return an address under which a server that listens on `host` answers."""
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


def check_alive(parts: dict[str, Popen[bytes]]) -> None:
    """End everything where a part has ended."""
    for name, part in parts.items():
        if part.poll() is not None:
            raise Stop(f"The {name} ended by itself (exit code {part.returncode}), so all stops.")


def stop(parts: dict[str, Popen[bytes]]) -> None:
    """End the parts and what they started: politely, and after 15 seconds for good."""
    for part in parts.values():
        part.terminate()
    for part in parts.values():
        with suppress(subprocess.TimeoutExpired):
            part.wait(15)
        with suppress(OSError, AttributeError):  # gone already; Windows has no groups
            os.killpg(part.pid, signal.SIGKILL)


def run(*words: str, **more: str) -> tuple[int, str]:
    """Run something quietly, with more in its environment; returns exit code and output."""
    done = subprocess.run(
        words, cwd=ROOT, env={**os.environ, **more}, stdout=PIPE, stderr=STDOUT, check=False
    )
    return done.returncode, done.stdout.decode(errors="replace")


def say(line: str) -> None:
    """Tell what is being done."""
    print(f"· {line}", flush=True)


def run_test(options: argparse.Namespace, rest: list[str]) -> int:
    """Check everything, and say at the end what failed."""
    prepare("requirements-dev.lock")
    os.environ.setdefault("LINLI_LOG", "ERROR")
    os.environ.pop("LINLI_DATABASE", None)
    if options.db == "postgres":
        os.environ["LINLI_DATABASE"] = os.environ.get("LINLI_POSTGRES") or POSTGRES
    steps = [] if options.only == "tests" else list_checks()
    if options.only != "checks":
        steps += list_tests(options, rest)
    failed = [step.name for step in steps if not check(step)]
    print(f"\nfailed: {', '.join(failed)}" if failed else "\nall is well")
    return 1 if failed else 0


class Step(NamedTuple):
    """One check: a program of .venv with its words, and additions to its environment."""

    name: str
    words: list[str]
    more: dict[str, str] = {}


def list_checks() -> list[Step]:
    """Return what can be said without running the tests."""
    pages = [str(page) for page in sorted(ROOT.glob("linli/*/templates/**/*.html"))]
    manage = ["python", "-m", "config"]
    return [
        Step("format", ["ruff", "format", "--check", "."]),
        Step("lint", ["ruff", "check", "."]),
        Step("types", ["mypy"]),
        Step("contracts", ["lint-imports"]),
        Step("templates", ["djlint", "--quiet", "--lint", "linli"]),
        Step("template format", ["djade", "--check", "--target-version", "5.2", *pages]),
        Step("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Step("production", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
    ]


def list_tests(options: argparse.Namespace, rest: list[str]) -> list[Step]:
    """Return the tests, and the browser's journeys where there is a browser."""
    pytest = ["python", "-m", "pytest"]
    choice = "not journey and not slow" if options.fast else "not journey"
    steps = [Step("tests", [*pytest, "-n2", "-m", choice, *rest])]
    if rest or options.fast or not any((ROOT / "tests/journeys").glob("test_*.py")):
        return steps
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser:
        words = [*pytest, "-m", "journey", "tests/journeys"]
        steps += [Step("journeys", words, {"CHROMIUM": browser})]
    else:
        print("The browser journeys are left out: there is no Chromium (apt install chromium).")
    return steps


def check(step: Step) -> bool:
    """Run one step, showing what it says if it fails, and say how long it took."""
    begun = time.monotonic()
    words = [str(PYTHON.parent / step.words[0]), *step.words[1:]]
    if "pytest" in words:
        code = subprocess.call(words, cwd=ROOT, env={**os.environ, **step.more})
    else:
        code, output = run(*words, **step.more)
        print(output if code else "", end="")
    print(f"{'✗' if code else '✓'} {step.name}: {time.monotonic() - begun:.1f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
