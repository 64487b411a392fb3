"""Li Wei signs in with a password, an app and a passkey; everybody can read every page."""

import re

import pytest
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from linli.offices.tests.people import make_account, make_office, make_post
from tests.journeys.conftest import DESK, PHONE, SMALLEST

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

HOME = re.compile(r"^http://localhost:\d+/$")
HOME_OR_SECOND_FACTOR = re.compile(r"^http://localhost:\d+/(accounts/2fa/authenticate/)?$")
OPEN_PAGES = ("/", "/signposts/", "/accounts/login/", "/accounts/signup/")
OWN_PAGES = (
    "/",
    "/me/",
    "/me/tokens/",
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/webauthn/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/admin/offices/",
    "/admin/offices/add/",
    "/admin/accounts/",
    "/admin/accounts/open/",
)


@pytest.fixture
def root():
    make_office("GOV-CJ", serves_for="村镇道路、自建房、燃气协调、人居环境")
    make_account("liwei")
    administrator = make_post("root", "R22")
    make_post("root", "R06", make_office("GOV-CJ"))
    return administrator


def sign_in(page: Page, name: str) -> None:
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(name)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(HOME_OR_SECOND_FACTOR)


def confirm(page: Page, path: str, name: str) -> None:
    """Go to a page that asks for the password once more."""
    page.goto(path)
    page.locator("#id_password").fill(name)
    page.locator("main form button[type=submit]").first.click()
    expect(page).to_have_url(re.compile(f"{path}$"))


def plug_in_key(window: BrowserContext, page: Page) -> None:
    """Give the browser a phone that answers passkey questions."""
    tools = window.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_then_opens_the_account(window, page, root):
    plug_in_key(window, page)
    sign_in(page, "root")
    confirm(page, "/accounts/2fa/webauthn/add/", "root")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(re.compile("recovery-codes"))
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(HOME)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page).to_have_url(HOME)
    page.goto("/me/")
    expect(page.get_by_text("您登录时没有做二次验证")).to_have_count(0)


def test_a_passkey_is_the_second_factor_after_a_password(window, page, root):
    plug_in_key(window, page)
    sign_in(page, "root")
    confirm(page, "/accounts/2fa/webauthn/add/", "root")
    page.locator("#id_passwordless").uncheck()
    page.locator("#mfa_webauthn_add").click()
    expect(page).to_have_url(re.compile("recovery-codes"))
    page.goto("/me/")
    page.get_by_role("button", name="退出登录").click()
    expect(page).to_have_url(HOME)
    sign_in(page, "root")
    expect(page).to_have_url(re.compile("2fa/authenticate"))
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page).to_have_url(HOME)


def test_an_app_is_set_up(page, root):
    sign_in(page, "root")
    confirm(page, "/accounts/2fa/totp/activate/", "root")
    expect(page.locator("img.qr")).to_be_visible()
    secret = page.locator("#authenticator_secret").input_value()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    page.locator("#id_code").fill(totp.format_hotp_value(totp.hotp_value(secret, counter)))
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("recovery-codes"))


def test_a_form_without_javascript_says_what_to_correct(chromium, address, root):
    context = chromium.new_context(base_url=address, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "root")
    page.goto("/admin/accounts/open/")
    page.locator("main form button[type=submit]").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("登录名")
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_username")).to_be_focused()
    described = page.locator("#id_username").get_attribute("aria-describedby")
    assert all(page.locator(f"#{name}").count() == 1 for name in described.split())
    context.close()


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{page.url} {one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_passes_axe(chromium, address, root, language, scheme):
    context = chromium.new_context(
        base_url=address, locale=language, color_scheme=scheme, viewport=DESK, bypass_csp=True
    )
    page = context.new_page()
    faults = []
    for path in OPEN_PAGES:
        page.goto(path)
        faults += faults_of(page)
    sign_in(page, "root")
    confirm(page, "/accounts/2fa/totp/activate/", "root")
    for path in OWN_PAGES:
        assert page.goto(path).status == 200
        faults += faults_of(page)
    context.close()
    assert not faults


@pytest.mark.parametrize("size", [SMALLEST, PHONE], ids=["320", "360"])
@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
def test_nothing_scrolls_sideways(window, page, address, root, size, large):
    if large:
        window.add_cookies([{"name": "large", "value": "yes", "url": address}])
    page.set_viewport_size(size)
    paths = list(OPEN_PAGES)
    wide = [path for path in paths if _too_wide(page, path)]
    sign_in(page, "root")
    confirm(page, "/accounts/2fa/totp/activate/", "root")
    wide += [path for path in OWN_PAGES if _too_wide(page, path)]
    assert not wide


def _too_wide(page: Page, path: str) -> bool:
    assert page.goto(path).status == 200
    return bool(page.locator("html").evaluate("page => page.scrollWidth > page.clientWidth"))


def test_large_type_gives_large_text_and_targets(window, page, address, root):
    window.add_cookies([{"name": "large", "value": "yes", "url": address}])
    page.goto("/")
    body = page.locator("body").evaluate("body => parseFloat(getComputedStyle(body).fontSize)")
    assert body >= 18
    for link in page.locator("header a, header button, .card-link").all():
        assert link.bounding_box()["height"] >= 44
