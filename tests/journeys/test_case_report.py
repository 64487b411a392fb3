"""Zhang San reports without JavaScript, then looks the report up and adds to it."""

import re

import pytest
from playwright.sync_api import Page, expect

from linli.cases.models.case import Case
from linli.cases.tests.pages import photo
from linli.cases.tests.town import Town, make_town
from linli.documents.models import Attachment

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town() -> Town:
    return make_town()


@pytest.fixture
def plain(chromium, address):
    """A browser whose JavaScript is switched off."""
    context = chromium.new_context(base_url=address, locale="zh-CN", java_script_enabled=False)
    yield context.new_page()
    context.close()


def fill(page: Page, **words: str) -> None:
    for name, value in words.items():
        page.locator(f"#id_{name}").fill(value)


def send(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


def test_a_report_needs_no_javascript(plain: Page, town: Town) -> None:
    plain.goto("/")
    plain.get_by_role("navigation", name="主导航").get_by_role("link", name="我要上报").click()
    send(plain, "提交")
    expect(plain.get_by_role("alert")).to_contain_text("请说明地点")
    plain.locator("#id_village").select_option(label=town.village.name_zh)
    fill(plain, address="小学门口", text="路灯不亮，夜里看不见", name="张三", phone="13800000000")
    plain.locator("#id_category").select_option(label="路灯不亮")
    picture = photo()
    plain.locator("#id_photos").set_input_files(
        {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": picture.read()}
    )
    send(plain, "提交")
    expect(plain.get_by_role("heading", name="您的报告已收到")).to_be_visible()
    case = Case.objects.get()
    expect(plain.get_by_text(case.number)).to_be_visible()
    assert Attachment.objects.get().matter_key == case.pk
    assert case.village == town.village


def test_whoever_kept_number_and_code_looks_it_up_and_adds(plain: Page, town: Town) -> None:
    plain.goto("/report/")
    fill(plain, address="小学门口", text="路灯不亮")
    plain.locator("#id_category").select_option("0202")
    send(plain, "提交")
    number, code = plain.locator(".receipt dd").all_inner_texts()
    send(plain, "我记下了，清除这台设备上的记录")
    plain.goto(f"/follow/{number}/")
    expect(plain).to_have_url(re.compile("/look-up/"))
    fill(plain, code="0000 0000")
    send(plain, "查进度")
    expect(plain.get_by_role("alert")).to_contain_text("编号与查询码不符")
    fill(plain, code=code.lower())
    send(plain, "查进度")
    expect(plain).to_have_url(re.compile(f"/follow/{number}/"))
    plain.locator("summary", has_text="补充情况").click()
    fill(plain, add_said="灯杆号 12")
    send(plain, "补充情况")
    expect(plain.locator(".steps")).to_contain_text("灯杆号 12")


def test_what_is_never_kept_names_the_number_to_call(plain: Page, town: Town) -> None:
    plain.goto("/report/")
    fill(plain, address="小学门口", text="有人在打人")
    plain.locator("#id_category").select_option("0202")
    send(plain, "提交")
    expect(plain.get_by_role("link", name="110")).to_have_attribute("href", "tel:110")
    assert not Case.objects.exists()


def test_with_javascript_the_position_and_the_terms_come_by_themselves(
    window, page: Page, address: str, town: Town
) -> None:
    window.grant_permissions(["geolocation"], origin=address)
    window.set_geolocation({"longitude": 113.002, "latitude": 31.502})
    page.goto("/report/")
    expect(page.locator("#id_consent")).to_be_visible()
    page.locator("#id_category").select_option("0202")
    expect(page.locator('[data-part="chosen"]')).to_contain_text("3 个工作日")
    expect(page.locator("#id_consent")).to_be_hidden()
    page.get_by_role("button", name="使用本设备定位").click()
    expect(page.get_by_text("设备定位将随报告提交")).to_be_visible()
    fill(page, text="路灯不亮")
    send(page, "提交")
    expect(page.get_by_role("heading", name="您的报告已收到")).to_be_visible()
    assert Case.objects.get().grid == town.grid
