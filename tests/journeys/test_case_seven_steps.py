"""Seven people take one report through all seven steps, each in a browser of their own."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from linli.cases.choices import State
from linli.cases.models.case import Case
from linli.cases.tests.town import make_town

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(chromium: Browser, address: str):
    """Give everybody a browser that stays open: `people("li")` is Li's, signed in."""
    contexts = {}

    def of(name: str = "") -> Page:
        if name not in contexts:
            contexts[name] = chromium.new_context(base_url=address, locale="zh-CN")
            page = contexts[name].new_page()
            page.set_default_timeout(10_000)
            if name:
                sign_in(page, name)
        return contexts[name].pages[0]

    yield of
    for context in contexts.values():
        context.close()


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(name)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(r"/$"))


def step(page: Page, case: Case, label: str, **words: str) -> None:
    """Open the case from the worklist, take a step, see that it is done."""
    page.goto("/desk/?state=all&order=newest")
    page.get_by_role("link", name=case.number).click()
    page.get_by_role("navigation", name="下一步").get_by_role("link", name=label).click()
    for name, value in words.items():
        field = page.locator(f"#id_{name}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name=label, exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("已办理")


def test_seven_people_take_seven_steps(people) -> None:
    town = make_town()
    resident = people()
    resident.goto("/report/")  # 1 collect
    resident.locator("#id_address").fill("村委会门口")
    resident.locator("#id_text").fill("路面塌陷，一米多宽")
    resident.locator("#id_category").select_option("0103")  # P2: always verified
    resident.get_by_role("button", name="提交", exact=True).click()
    resident.get_by_role("link", name="查看进展").click()
    case = Case.objects.get()

    step(people("li"), case, "受理立案", note="已核实")  # 2 register
    step(people("zhao"), case, "派遣", lead=str(town.lights.pk), note="请尽快")  # 3 dispatch
    step(people("chen"), case, "签收")  # 4 handle
    step(people("chen"), case, "记录首次响应", method="phone", said="马上到")
    step(people("head"), case, "暂停计时", reason="weather", said="雨太大，雨停就修")
    step(people("chen"), case, "恢复计时", said="雨停了")
    step(people("chen"), case, "答复", outcome="solved", said="已填平", evidence="照片")  # 5 answer
    step(people("he"), case, "核查通过，结案", method="site", note="到场看过")  # 6 verify

    resident.reload()
    story = resident.locator("main")
    for said in ("马上到", "雨太大，雨停就修", "已填平", "核查通过，结案"):
        expect(story).to_contain_text(said)
    expect(story).not_to_contain_text("到场看过")
    resident.locator("summary", has_text="评价").click()  # 7 evaluate
    resident.locator("#id_rate_score").select_option("5")
    resident.get_by_role("button", name="评价", exact=True).click()
    expect(resident.locator(".marks li").last).to_have_class("done")
    case.refresh_from_db()
    assert (case.state, case.ending, case.score) == (State.CLOSED, "solved", 5)


def test_two_at_once_one_wins_and_the_other_loses_no_word(people) -> None:
    town = make_town()
    case = town.report()
    slow, quick = people("li"), people("zhao")
    slow.goto(f"/desk/{case.pk}/answer/")
    slow.locator("#id_said").fill("这盏灯今晚就修")
    step(quick, case, "更正类别或紧急程度", urgency="P2", reason="路口很暗")
    slow.get_by_role("button", name="当场答复", exact=True).click()
    expect(slow.get_by_role("alert")).to_contain_text("更正了类别或紧急程度")
    expect(slow.locator("#id_said")).to_have_value("这盏灯今晚就修")
    slow.get_by_role("button", name="当场答复", exact=True).click()
    expect(slow.get_by_role("status").first).to_contain_text("已办理")
