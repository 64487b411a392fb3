"""Zhang proves with number and code that her report stands in the trail, with thirty lines."""

import json
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client

from linli.audit.services import publish_root
from linli.cases.queries.cases import lookup_code
from linli.cases.requests import WRONG_TRIES
from linli.cases.services.draws import ticket
from linli.cases.tests.town import MONDAY, Town
from linli.offices.tests.people import TOWN

DOCS = Path(__file__).resolve().parents[3] / "docs/receipts.md"


def blocks() -> list[str]:
    return re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def zhang(client: Client) -> Client:
    return client


def show(browser: Client, case, code=None):
    form = {"number": case.number, "code": code or lookup_code(case)}
    return browser.post("/figures/receipt/", form, follow=True)


def download(browser: Client, case):
    return browser.get("/figures/receipt.json", {"number": case.number})


def check(tmp_path: Path, receipt: dict, roots: dict) -> subprocess.CompletedProcess:
    for name, body in (("receipt", receipt), ("trail", roots)):
        (tmp_path / f"{name}.json").write_text(json.dumps(body), encoding="utf-8")
    (tmp_path / "check.py").write_text(blocks()[0], encoding="utf-8")
    command = [sys.executable, "check.py", "receipt.json", "trail.json"]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)


@pytest.mark.parametrize("many", [1, 2, 7])
def test_every_receipt_of_a_day_holds_by_the_script_of_the_docs(
    town: Town, zhang, tmp_path, many
) -> None:
    cases = [town.report(f"第{one}盏路灯不亮") for one in range(many)]
    publish_root(TOWN, MONDAY.date())
    roots = zhang.get("/figures/trail.json").json()
    for case in cases:
        page = show(zhang, case)
        receipt = download(zhang, case).json()
        assert receipt["root"] in page.content.decode()
        assert sha256("\x1f".join(receipt["entry"]).encode()).hexdigest() == receipt["leaf"]
        done = check(tmp_path, receipt, roots)
        assert (done.returncode, done.stdout) == (0, "The receipt holds.\n"), done.stderr


@pytest.mark.parametrize("what", ["entry", "path", "root", "published"])
def test_a_forged_receipt_does_not_hold(town: Town, zhang, tmp_path, what) -> None:
    case = town.report()
    town.report("另一盏")
    publish_root(TOWN, MONDAY.date())
    show(zhang, case)
    receipt, roots = download(zhang, case).json(), zhang.get("/figures/trail.json").json()
    if what == "entry":
        receipt["entry"][6] = receipt["entry"][6].replace("0202", "0301")
    elif what == "path":
        receipt["path"][0] = "00" * 32
    elif what == "root":
        receipt["root"] = "00" * 32
    else:
        roots["items"][0]["root"] = "00" * 32
    assert check(tmp_path, receipt, roots).returncode == 1


def test_before_the_night_it_says_come_back(town: Town, zhang) -> None:
    case = town.report()
    page = show(zhang, case)
    assert page.status_code == 200
    assert case.number in page.content.decode()
    assert download(zhang, case).status_code == 404


def test_a_wrong_code_shows_nothing(town: Town, zhang) -> None:
    case = town.report()
    publish_root(TOWN, MONDAY.date())
    assert show(zhang, case, code="WRONGCDE").status_code == 404
    assert download(zhang, case).status_code == 404
    assert download(zhang, type(case)(number="")).status_code == 404


def test_guessing_ends_after_ten_tries(town: Town, zhang) -> None:
    case = town.report()
    for _one in range(WRONG_TRIES):
        show(zhang, case, code="WRONGCDE")
    assert show(zhang, case).status_code == 429


@pytest.mark.parametrize("form", [{}, {"number": "a\x00b", "code": "x"}, {"number": "9" * 99}])
def test_nonsense_is_refused_in_words(town: Town, zhang, form) -> None:
    assert zhang.post("/figures/receipt/", form).status_code in {200, 422}


def test_an_unknown_number_in_the_address_asks_again(town: Town, zhang) -> None:
    page = zhang.get("/figures/receipt/", {"number": "nothing"})
    assert page.status_code == 200
    assert "<form" in page.content.decode()


def test_the_ticket_of_the_docs_is_the_one_that_draws() -> None:
    told: dict = {}
    exec(blocks()[1], told)  # noqa: S102 - our own document
    assert told["ticket"]("ab" * 32, "260601-ABCDE") == ticket("ab" * 32, "260601-ABCDE")
