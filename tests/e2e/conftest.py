"""A portal with a real worker and scheduler on the embedded default, started and stopped by the tests, and a browser."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Portal:
    """The running portal: its address, and Python inside it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {
            **{k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")},
            "QA_IGNORE_ENV": "1",
            "DEMO": "1",
            "DEBUG": "0",
            "SECRET_KEY": "e2e-" + "x" * 50,
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "MEDIA_ROOT": str(folder / "media"),
            "SURVEY_KEY_DIR": str(folder / "keys"),
            "CELERY_DIR": str(folder / "celery"),
            "BEAT_SCHEDULE": str(folder / "beat"),
        }
        self.log = folder / "portal.log"
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        for words in (("migrate", "-v0"), ("collectstatic", "--noinput", "-v0"), ("demo",)):
            self.manage(*words)
        self.process = subprocess.Popen(
            [sys.executable, "deploy/serve.py"],
            cwd=ROOT,
            env=self.environment,
            stdout=self.log.open("wb"),
            stderr=subprocess.STDOUT,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError(self.log.read_text())

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(40)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    running = Portal(tmp_path_factory.mktemp("portal"))
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "a Chromium is needed: deploy/system.sh browser"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=found,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-sync",
            ],
        )
        yield chromium
        chromium.close()


class Visitor:
    """One person at the portal in a browser of their own; every console error is kept."""

    def __init__(self, portal: Portal, context: BrowserContext, username: str):
        self.portal = portal
        self.username = username
        self.page: Page = context.new_page()
        self.errors: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))

    def open(self, path: str) -> Page:
        answer = self.page.goto(self.portal.url + path)
        assert answer is not None and answer.status < 500, f"{path}: {answer and answer.status}"
        return self.page

    def sign_in(self, language: str) -> Visitor:
        self.open(f"/accounts/login/?lang={language}")
        self.page.fill("input[name=login]", self.username)
        self.page.fill("input[name=password]", "demo")
        self.page.press("input[name=password]", "Enter")
        self.page.wait_for_url(self.portal.url + "/")
        self.open(f"/?lang={language}")
        return self

    def pick(self, name: str, words: str) -> None:
        """Choose in a select, or in the searchable field that stands for a long one, as a person would."""
        select = self.page.locator(f"select[name={name}]")
        value = select.locator("option", has_text=words).first.get_attribute("value")
        select.evaluate("(s, v) => { s.value = v; s.dispatchEvent(new Event('change', {bubbles: true})); }", value)

    def press_step(self, step: str) -> None:
        """The step's button on a record: posts at once, or opens the step's page."""
        button = self.page.locator(f".steps-bar form[action$='/{step}/'] button, .steps-bar a[href$='/{step}/']").first
        button.click()
        self.page.wait_for_load_state()

    def send(self) -> None:
        self.page.locator("main form.form button[type=submit]").first.click()
        self.page.wait_for_load_state()

    def state(self) -> str:
        return self.page.locator(".record-number .state").inner_text().strip()


@pytest.fixture
def visitor(portal: Portal, browser: Browser) -> Iterator:
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def enter(username: str, language: str = "kk", phone: bool = False) -> Visitor:
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = browser.new_context(viewport=size)
        contexts.append(context)
        visitors.append(Visitor(portal, context, username).sign_in(language))
        return visitors[-1]

    yield enter
    for context in contexts:
        context.close()
    # 4xx answers are asked for on purpose; anything else in the console is a fault of a page.
    complaints = [e for v in visitors for e in v.errors if "the server responded with a status of 4" not in e]
    assert complaints == []
