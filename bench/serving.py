"""How fast Linli serves: the scenarios of a working day over HTTP, closed loop, on one machine.

    python -m bench.serving [--cases 20000] [--seconds 8] [--database URL]

Makes a database of its own (a folder under the system's temporary one, or the empty PostgreSQL
database of the URL), loads the sample town's land and offices and that many cases through
`import-cases`, starts granian with two processes and the worker, warms up for a second per
scenario, and prints a table: requests per second, p50 and p95 in milliseconds, errors.
"""

import argparse
import csv
import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
TOWN = "990101000000"
BOX = (113.06, 31.45, 113.24, 31.62)
MAPPING = """
source = "bench"
time_zone = "Asia/Shanghai"
date_formats = ["%Y-%m-%d %H:%M"]
title = "{text}"
text = "{text}"
[columns]
number = "number"
category = "category"
office = "office"
state = "state"
reported_at = "reported"
closed_at = "closed"
promised_on = "promised"
lng = "lng"
lat = "lat"
[default]
channel = "import"
"""


def rows(number: int, categories: list[str], offices: list[str]) -> Iterator[dict[str, Any]]:
    """Yield made-up cases over 730 days, 28 % of them open."""
    dice = random.Random(5)
    now = datetime.now(ZoneInfo("Asia/Shanghai")).replace(second=0, microsecond=0, tzinfo=None)
    for place in range(number):
        reported = now - timedelta(minutes=dice.randrange(1, 730 * 1440))
        is_open = dice.random() < 0.28
        closed = reported + timedelta(hours=dice.expovariate(1 / 60))
        yield {
            "number": f"B{place:08}",
            "category": dice.choice(categories),
            "office": dice.choice(offices),
            "state": "handling" if is_open or closed > now else "solved",
            "reported": f"{reported:%Y-%m-%d %H:%M}",
            "closed": "" if is_open or closed > now else f"{closed:%Y-%m-%d %H:%M}",
            "promised": f"{reported + timedelta(days=5):%Y-%m-%d %H:%M}",
            "text": dice.choice(["路灯不亮", "垃圾满溢", "井盖松动", "噪声扰民"]) + f" {place}",
            "lng": f"{dice.uniform(BOX[0], BOX[2]):.6f}",
            "lat": f"{dice.uniform(BOX[1], BOX[3]):.6f}",
        }


class House:
    """An installation of its own, filled and running."""

    def __init__(self, cases: int, database: str) -> None:
        self.var = Path(tempfile.mkdtemp(prefix="linli-bench-"))
        self.port = _free_port()
        url = database or f"sqlite:///{self.var / 'linli.sqlite3'}"
        words = {"LINLI_VAR": self.var, "LINLI_DATABASE": url, "LINLI_LOG": "ERROR"}
        self.environment = {**os.environ, **{name: str(word) for name, word in words.items()}}
        self.environment |= {"DJANGO_SETTINGS_MODULE": "config.settings", "LINLI_MODE": "local"}
        self.parts: list[subprocess.Popen[bytes]] = []
        self.cases = cases

    def linli(self, *words: str) -> str:
        """Run a management command."""
        command = [sys.executable, "-m", "config", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        return done.stdout

    def fill(self) -> float:
        """Load land, offices and cases; returns how many seconds the cases took."""
        self.linli("migrate", "-v0")
        self.linli("collectstatic", "--no-input", "-v0")
        self.linli("load-demo", "--cases", "49")
        shown = "from linli.{} import *"
        codes = self.linli("shell", "-v0", "-c", f"{shown.format('demo.services.land')}\n{_CODES}")
        found = json.loads(codes.strip().splitlines()[-1])
        mapping, table = self.var / "bench.toml", self.var / "bench.csv"
        same = "\n".join(f'"{one}" = "{one}"' for one in found["categories"])
        offices = "\n".join(f'[offices.{one}]\ncode = "{one}"' for one in found["offices"])
        states = '"solved" = "solved"\n"handling" = "handling"'
        parts = [MAPPING, "[categories]", same, "[states]", states, offices]
        mapping.write_text("\n".join(parts), encoding="utf-8")
        made = list(rows(self.cases, found["categories"], found["offices"]))
        with table.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, made[0])
            writer.writeheader()
            writer.writerows(made)
        began = time.perf_counter()
        said = self.linli("import-cases", str(table), "--mapping", str(mapping), "--township", TOWN)
        print(said.strip().splitlines()[-1])
        return time.perf_counter() - began

    def start(self) -> None:
        """Start web and worker."""
        web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
        web += [
            "--port",
            str(self.port),
            "--no-ws",
            "--log-level",
            "error",
            "config.wsgi:application",
        ]
        for command in (web, [sys.executable, "-m", "config", "work"]):
            self.parts.append(subprocess.Popen(command, cwd=ROOT, env=self.environment))
        for _try in range(200):
            try:
                self.ask("GET", "/healthz")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the web server does not answer")

    def stop(self) -> None:
        """Stop both."""
        for part in self.parts:
            part.terminate()
        for part in self.parts:
            part.wait(20)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, bytes]:
        """Ask once, on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        text = json.dumps(body) if body is not None else None
        connection.request(method, path, text, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content


_CODES = """
import json
from linli.cases.models.catalogue import Category
from linli.offices.models import Office, Post
from linli.offices.services import issue_token
from linli.offices.models import as_actor
print(json.dumps({
    "categories": list(Category.objects.filter(reporter="both").values_list("pk", flat=True)),
    "offices": list(Office.objects.filter(township=TOWN, place="", can_close=True)
                    .exclude(kind="county").values_list("code", flat=True)),
}))
"""

_KEYS = """
import json
from linli.cases.models.case import Case
from linli.offices.models import Post, as_actor
from linli.offices.services import issue_token
def key(username):
    post = Post.objects.select_related("account", "office").get(account__username=username)
    return issue_token(label="bench", scope="write", days=1, actor=as_actor(post))[1]
open_ones = Case.objects.filter(state="handling").order_by("pk").values_list("pk", flat=True)
print(json.dumps({"town": key("shouli"), "office": key("chengjian"),
                  "cases": [str(pk) for pk in open_ones[:4000]]}))
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def loop(ask: Callable[[int], int], clients: int, seconds: float) -> tuple[list[float], int]:
    """Let `clients` ask one after the other for some seconds; returns times and errors."""
    end, times, errors = time.perf_counter() + seconds, list[float](), [0]

    def client(number: int) -> None:
        count = number
        while time.perf_counter() < end:
            began = time.perf_counter()
            status = ask(count)
            times.append(time.perf_counter() - began)
            errors[0] += status >= 400
            count += clients

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, errors[0]


def scenarios(house: House) -> list[tuple[str, int, Callable[[int], int]]]:
    """Return the scenarios: a name, how many clients, and what one asks."""
    found = json.loads(house.linli("shell", "-v0", "-c", _KEYS).strip().splitlines()[-1])
    town = {"Authorization": f"Bearer {found['town']}"}
    office = {"Authorization": f"Bearer {found['office']}"}
    cases = found["cases"]
    dice = random.Random(7)

    def report(_number: int) -> int:
        place = {"lng": dice.uniform(BOX[0], BOX[2]), "lat": dice.uniform(BOX[1], BOX[3])}
        body = {"category": "0202", "text": "路灯不亮，晚上看不清", **place}
        return house.ask("POST", "/api/v1/reports", body)[0]

    def get(path: str, who: dict[str, str]) -> Callable[[int], int]:
        return lambda _number: house.ask("GET", path, **who)[0]

    def one(number: int) -> int:
        return house.ask("GET", f"/api/v1/cases/{cases[number % len(cases)]}", **town)[0]

    def step(number: int) -> int:
        """Do a verb that is possible again and again: lock, rule, save, story, trail."""
        key = cases[number % len(cases)]
        return house.ask("POST", f"/api/v1/cases/{key}/hide", {"note": "核对"}, **town)[0]

    listing = "/api/v1/cases?state=all&limit=100"
    _status, first = house.ask("GET", listing, **town)
    later = f"{listing}&after={json.loads(first)['after']}"
    box = "/api/v1/map?bbox=113.1,31.5,113.15,31.55&zoom=14&state=all"
    wanted = "/api/v1/cases?group=02&state=handling&since=2025-06-01&limit=100"
    return [
        ("A  public report, worker on, c=8", 8, report),
        ("B  list of 100 of all, c=1", 1, get(listing, town)),
        ("B  list of 100 of all, c=8", 8, get(listing, town)),
        ("B  the next page, c=8", 8, get(later, town)),
        ("B  one office's list, c=8", 8, get(listing.replace("100", "50"), office)),
        ("B  one case, c=8", 8, one),
        ("C  filtered list, c=8", 8, get(wanted, town)),
        ("D  map of a box, c=8", 8, get(box, town)),
        ("E  one step, c=8", 8, step),
        ("F  public figures, c=1", 1, get("/api/v1/figures?by=month", {})),
    ]


def main() -> None:
    """Fill, start, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database; else SQLite")
    options = parser.parse_args()
    house = House(options.cases, options.database)
    seconds = house.fill()
    print(f"loaded {options.cases} cases in {seconds:.1f} s: {options.cases / seconds:,.0f} rows/s")
    try:
        house.start()
        print(f"{'scenario':36}{'req/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'errors':>8}")
        for name, clients, ask in scenarios(house):
            loop(ask, clients, 1)
            times, errors = loop(ask, clients, options.seconds)
            times.sort()
            p50, p95 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
            rate = len(times) / options.seconds
            print(f"{name:36}{rate:9.1f}{p50:9.1f}{p95:9.1f}{errors:8}", flush=True)
    finally:
        house.stop()


if __name__ == "__main__":
    main()
