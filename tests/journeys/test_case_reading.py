"""Everybody can read the pages of a case: with a screen reader, on a small phone, in large type."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from linli.cases.models.case import Case
from linli.cases.queries.cases import lookup_code
from linli.cases.services import dispatching, handling, sorting
from linli.cases.tests.town import CONTACT, Town, make_town
from tests.journeys.conftest import DESK, PHONE, SMALLEST

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
LONG = "http://example.org/" + "a" * 60


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def case(town: Town) -> Case:
    """A case with a long story, and one that may be the same."""
    case = town.report(f"村口路灯不亮 {LONG}", contact=CONTACT)
    town.report("村口的路灯不亮了")
    sorting.register(case.pk, actor=town.intake, note=LONG)
    case = dispatching.dispatch(
        case.pk, actor=town.dispatcher, lead=town.lights, supports=[town.roads], note=LONG
    )
    handling.sign(case.pk, actor=town.handler)
    return handling.pause(case.pk, actor=town.handler, reason="weather", said=LONG)


def open_pages(page: Page, case: Case):
    """Walk through the pages of residents, yielding after each."""
    page.goto("/report/")
    yield
    page.locator("main form .button[type=submit]").click()  # the form says what is wrong
    yield
    page.locator("#id_text").fill("路灯不亮")
    page.locator("#id_address").fill("小学门口")
    page.locator("#id_category").select_option("0202")
    page.locator("main form .button[type=submit]").click()
    page.wait_for_url("**/report/done/")
    yield
    page.goto(f"/look-up/?number={case.number}")
    yield
    page.locator("#id_code").fill(lookup_code(case))
    page.locator("main form .button[type=submit]").click()
    page.wait_for_url("**/follow/**")
    yield
    for path in (f"/follow/{case.number}/erase/", "/catalogue/", "/catalogue/0202/"):
        page.goto(path)
        yield


def desk_pages(page: Page, case: Case):
    """Walk through the pages of the desk as Zhao, the dispatcher, then as Li of the intake."""
    sign_in(page, "li")
    paths = ("/desk/", "/desk/?text=x", "/desk/new/", "/desk/counts/", f"/desk/{case.pk}/")
    for path in (*paths, f"/desk/{case.pk}/exclude/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        yield
    page.context.clear_cookies()
    sign_in(page, "chen")
    for path in ("/desk/?which=office", f"/desk/{case.pk}/", f"/desk/{case.pk}/resume/"):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        yield


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(name)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(lambda address: "login" not in address)


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("walk", [open_pages, desk_pages])
def test_every_page_passes_axe(chromium, address: str, case: Case, walk, language: str) -> None:
    context = chromium.new_context(
        base_url=address, locale=language, viewport=DESK, bypass_csp=True
    )
    page = context.new_page()
    faults = [fault for _here in walk(page, case) for fault in faults_of(page)]
    context.close()
    assert not faults


@pytest.mark.parametrize("size", [SMALLEST, PHONE], ids=["320", "360"])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("walk", [open_pages, desk_pages])
def test_nothing_scrolls_sideways(
    window: BrowserContext, page: Page, address: str, case: Case, size, large: bool, walk
) -> None:
    page.set_viewport_size(size)
    wide = []
    for _here in walk(page, case):
        if large:
            page.locator("html").evaluate("page => page.classList.add('large')")
        if page.locator("html").evaluate("page => page.scrollWidth > page.clientWidth"):
            wide.append(page.url)
    assert not wide
