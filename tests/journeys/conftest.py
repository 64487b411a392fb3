"""A real browser against a real server; skipped with a sentence where there is no Chromium."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("needs Chromium: install it, or name it in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def address(live_server) -> str:
    """The server's address by name: passkeys refuse bare numbers."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def window(chromium: Browser, address: str) -> Iterator[BrowserContext]:
    """A fresh browser in Chinese whose faults, and every request to elsewhere, fail the test."""
    context = chromium.new_context(base_url=address, locale="zh-CN", viewport=DESK)
    context.set_default_timeout(10_000)
    faults: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            faults.append(message.text)

    context.on("console", note)
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on(
        "request",
        lambda request: (
            request.url.startswith((address, "data:", "blob:")) or faults.append(request.url)
        ),
    )
    yield context
    context.close()
    assert not faults


@pytest.fixture
def page(window: BrowserContext) -> Page:
    return window.new_page()
