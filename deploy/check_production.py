"""Does the portal work the way production runs it? Starts the processes of docker-compose.yml by hand and uses them.

    DATABASE_URL=postgres://postgres@127.0.0.1:5432/qa_check REDIS_URL=redis://127.0.0.1:6379/7 \\
        .venv/bin/python deploy/check_production.py [--hurry]

The database is made and dropped by this script, the Redis database is emptied: both must not be there before. Two web
processes, two workers, one scheduler, a mail server of its own and, where it is installed, nginx with deploy/nginx.conf.
It reports a finding, has letters delivered, prints a paper, kills a worker, takes the queue away; says what it saw and
ends with 0 or 1. It waits for the scheduler's five-minute round; --hurry calls that round by hand instead.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time

from outside import PLAIN, PROXY, SITE, Browser, Sink, one_time
from processes import AWAY, BIN, ENTRY, PASSWORD, ROOT, SMTP, WEB, NotSeen, Portal, until

MANY = 20

PEOPLE = """
import datetime
from qa_portal.people.models import Office, Person, Unit
def named(row, **names):
    for name, text in names.items():
        for language in ("kk", "ru", "en"):
            setattr(row, f"{name}_{language}", text)
    row.save()
    return row
root = named(Unit(code="university", kind="university"), name="Тексеру университеті")
unit = named(Unit(code="therapy", kind="department", parent=root), name="Терапия кафедрасы")
for username, name in (("reporter", "Әлиева"), ("head", "Қасымов")):
    person = Person(username=username, email=f"{username}@example.org", unit=unit, language="en")
    person.set_password(PASSWORD)
    named(person, last_name=name, first_name="Айгүл")
Office.objects.create(person=person, role="unit_head", unit=unit, since=datetime.date(2020, 1, 1))
"""


def see(what: str, seen: object, detail: object = "") -> None:
    if not seen:
        raise NotSeen(f"{what} {detail}".strip())
    print(f"  seen: {what} {detail}".rstrip(), flush=True)


# -- what must be seen ------------------------------------------------------------------------------------
def check(portal: Portal, hurry: bool) -> None:
    print("Set-up", flush=True)
    portal.prepare()
    see("migrate and load_catalogue:", "Edition 1" in (said := portal.run("migrate")), said.strip().splitlines()[-1])
    see("load_catalogue again changes nothing", "nothing changed" in portal.run("migrate"))
    see("collectstatic:", said := portal.run("manage", "collectstatic", "--noinput").strip(), said.splitlines()[-1])
    portal.run("manage", "createsuperuser", "--noinput", "--username", "first", "--email", "first@example.org")
    portal.run("manage", "shell", "-c", PEOPLE.replace("PASSWORD", repr(PASSWORD)))

    sink = Sink(SMTP)
    for number, port in enumerate(WEB, 1):
        portal.start(f"web{number}", [ENTRY, "web", "--workers", "2"], HOST="127.0.0.1", PORT=str(port))
        portal.start(f"worker{number}", [ENTRY, "worker", "--hostname", f"check{number}@%h"])
    portal.start("scheduler", [ENTRY, "scheduler"])
    behind = portal.proxy()

    print("Health", flush=True)
    nobody = Browser()
    for port in WEB:
        see(f"web on {port} answers", until(lambda port=port: _answers(port), 40))
        see(
            f"/healthz and /readyz on {port}:",
            nobody.ask(port, "/healthz").status == 200,
            nobody.ask(port, "/readyz").text,
        )
    probe = subprocess.run(
        [sys.executable, "deploy/probe.py"], cwd=ROOT, env=portal.environment | {"PORT": str(WEB[0])}, check=False
    )
    see("the container's own probe is content", probe.returncode == 0)
    if behind:
        through_the_proxy(nobody)
    else:
        print("  nginx is not installed here: the proxy was not tried, requests go straight to the web processes.")
    front = PROXY if behind else WEB[0]

    print("First administrator", flush=True)
    first = signed_in(front, "first")
    setting_up = "/accounts/2fa/totp/activate/"
    asked = first.ask(front, "/admin/people/unit/add/")
    see(
        "a second factor is asked of them first",
        asked.status == 302 and asked.headers["location"].startswith(setting_up),
    )
    first.ask(front, setting_up)  # leads to the password, asked once more before anything about the account changes
    first.ask(front, "/accounts/reauthenticate/", {"password": PASSWORD})
    key = re.search(r"<code>([A-Z2-7]{16,})</code>", first.ask(front, setting_up).text)
    see("set up with a six-figure code", key and first.ask(front, setting_up, {"code": one_time(key[1])}).status == 302)
    see(
        "who was made by createsuperuser may enter the first unit in /admin/",
        first.ask(front, "/admin/people/unit/add/").status == 200,
    )

    print("A finding, from one web process to the other", flush=True)
    reporter, head = signed_in(WEB[0], "reporter"), signed_in(WEB[1], "head")
    address = report(reporter)
    page = head.ask(WEB[1], address)
    see("the head reads it on the other web process", page.status == 200 and "Силлабус кеш жүктелді" in page.text)
    forged = Browser()
    forged.cookies = {"sessionid": reporter.cookies["sessionid"]}
    see(
        "a POST without CSRF token is refused:",
        (status := forged.ask(WEB[0], "/capa/findings/add/", {"title": "x"}).status) == 403,
        status,
    )

    print("A letter", flush=True)
    correct(head, WEB[1], address, "first")
    see("the worker hands it to the mail server", until(lambda: len(sink.letters) == 1, 30))
    letter = sink.letters[0]
    see(
        "to the reporter, with a deep link:",
        letter["To"] == "reporter@example.org" and SITE + address in letter.get_body(("plain",)).get_content(),
        letter["Subject"],
    )

    print("A paper and a file", flush=True)
    began = time.monotonic()
    paper = reporter.ask(front, f"{address}print/?lang=kk")
    see(
        "PDF made by the worker:",
        paper.status == 200 and paper.body.startswith(b"%PDF"),
        f"{len(paper.body)} bytes in {time.monotonic() - began:.1f} s",
    )
    too_large(reporter, front, address)

    print("A worker is killed while it hands over letters", flush=True)
    sink.open.clear()
    for number in range(MANY):
        correct(head, WEB[number % 2], address, f"no. {number}")
    see("letters are in the hands of workers:", until(lambda: sink.held >= 3, 15), sink.held)
    portal.kill("worker1")
    time.sleep(1)
    sink.open.set()
    see(
        "the other worker goes on",
        until(lambda: portal.waiting() <= 2, 60),
        f"{len(sink.letters)} delivered, {portal.waiting()} died with the worker",
    )

    print("The queue is away", flush=True)
    portal.start(
        "web3", [ENTRY, "web", "--workers", "1"], HOST="127.0.0.1", PORT=str(AWAY), REDIS_URL="redis://127.0.0.1:1/0"
    )
    see("a web process without Redis answers", until(lambda: _answers(AWAY), 40))
    see("its /readyz says what is missing:", (ready := nobody.ask(AWAY, "/readyz")).status == 503, ready.text)
    correct(head, AWAY, address, "while the queue is away")
    see("the step is done all the same, its letter waits:", (left := portal.waiting()) >= 1, f"{left} letters wait")

    print("The scheduler's next round", flush=True)
    aged = portal.query(
        "UPDATE notices_letter SET claimed_at = claimed_at - interval '11 minutes' WHERE sent_at IS NULL AND claimed_at IS NOT NULL"
    )
    print(
        f"  ({aged} claims of the dead worker were made eleven minutes older instead of waiting for ten minutes)",
        flush=True,
    )
    if hurry:
        subprocess.run(
            [str(BIN / "celery"), "-A", "qa_portal", "call", "qa_portal.notices.tasks.deliver_waiting"],
            cwd=ROOT,
            env=portal.environment,
            check=True,
            capture_output=True,
        )
    see("it delivers what was left", until(lambda: not portal.waiting(), 330, 1))
    total, ids = portal.query("SELECT count(*) FROM notices_letter"), sink.ids()
    see("every letter arrived:", len(set(ids)) == total == MANY + 2, f"{total} written, {len(set(ids))} delivered")
    # A mail server may have taken what the dead worker could no longer note: the double carries the same Message-ID.
    doubles = len(ids) - len(set(ids))
    see("twice at most what was in the dead worker's hands:", doubles <= aged, doubles)
    see("no process ended by itself", all(process.poll() is None for process in portal.running.values()))


def _answers(port: int) -> bool:
    try:
        return Browser().ask(port, "/healthz").status == 200
    except OSError:
        return False


def through_the_proxy(nobody: Browser) -> None:
    see("nginx hands on", until(lambda: _answers(PROXY), 20))
    plain = nobody.ask(PLAIN, "/")
    see(
        "http leads to https:",
        plain.status == 301 and plain.headers["location"].startswith("https://"),
        plain.headers["location"],
    )
    page = nobody.ask(PROXY, "/accounts/login/")
    see(
        "strict transport and content security headers",
        "max-age=31536000" in page.headers["strict-transport-security"]
        and "script-src 'self'" in page.headers["content-security-policy"],
    )
    style = re.search(r'href="(/static/vendor/tabler[^"]+\.css)"', page.text)
    sheet = nobody.ask(PROXY, style[1]) if style else page
    see(
        "a static file, kept by browsers for good:",
        sheet.status == 200 and "immutable" in sheet.headers.get("cache-control", ""),
        style and style[1],
    )
    see(
        "no way to files past the portal",
        nobody.ask(PROXY, "/media/evidence/").status in (302, 404)
        and nobody.ask(PROXY, "/data/media/").status in (302, 404),
    )


def signed_in(port: int, username: str) -> Browser:
    browser = Browser()
    answer = browser.sign_in(port, username, PASSWORD)
    see(f"sign-in of {username} on port {port}", answer.status == 302 and "sessionid" in browser.cookies, answer.status)
    return browser


def report(reporter: Browser) -> str:
    form = reporter.ask(WEB[0], "/capa/findings/add/")
    unit = re.search(r'<option value="(\d+)"[^>]*>[^<]*Терапия', form.text)
    see("the form to report a finding", form.status == 200 and unit)
    data = {
        "title": "Силлабус кеш жүктелді", "description": "Үш силлабус сабақ басталған соң жүктелді.", "unit": unit[1] if unit else "",
        "severity": "minor", "source_kind": "daily_work", "found_on": time.strftime("%Y-%m-%d"), "submission": form.hidden("submission"),
    }  # fmt: skip
    answer = reporter.ask(WEB[0], "/capa/findings/add/", data)
    see(
        "the finding is taken:",
        answer.status == 302,
        answer.headers.get("location") or re.findall(r"error[^>]*>([^<]+)<", answer.text)[:5],
    )
    return answer.headers["location"]


def correct(head: Browser, port: int, address: str, words: str) -> None:
    answer = head.ask(port, f"{address}correct/", {"correction": f"Жүктелді: {words}"})
    if answer.status != 302:
        raise NotSeen(f"the step “correct” on {port}: {answer.status}")


def too_large(reporter: Browser, port: int, address: str) -> None:
    where = f"/documents/evidence/add/?to=capa.finding:{address.strip('/').rpartition('/')[2]}"
    form = reporter.ask(port, where)
    data = {
        "title": "Хаттама",
        "evidence_title": "Хаттама",
        "speaks_of": time.strftime("%Y-%m-%d"),
        "submission": form.hidden("submission"),
    }
    answer = reporter.ask(port, where, data, ("хаттама.pdf", b"%PDF-1.7\n" + b"0" * 30 * 1024 * 1024))
    sentence = re.search(r"The file is [^.]*\d[^;]*; the most is[^<]*", answer.text)
    see(
        "a file of 30 MB gets the portal's own sentence:",
        answer.status == 400 and sentence,
        sentence[0].strip() if sentence else answer.status,
    )


def main() -> int:
    signal.signal(signal.SIGTERM, lambda *_args: sys.exit(1))
    portal = Portal(
        os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/qa_production_check"),
        os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/7"),
    )
    try:
        check(portal, "--hurry" in sys.argv)
    except NotSeen as missing:
        print(f"NOT SEEN: {missing}", file=sys.stderr)
        portal.last_words()
        return 1
    finally:
        portal.stop()
    print("Everything was seen; processes, database, queue and files are gone.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
