"""Sending an answer beside a bare one-row insert with CSRF; and 200 respondents at once on one survey.

The rate: turn by turn in one process, by the clock on the wall, since what counts is also waiting for the commit. The rush: a server of its own with threads, 200 browsers that send in the
same moment; none lost, none double, no error, and how long nineteen of twenty waited.
"""

from __future__ import annotations

import datetime
import os
import statistics
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from qa_portal.workflow.writing import door  # noqa: E402
from surveys import keys, sealing  # noqa: E402
from surveys.asking import questions_of  # noqa: E402
from surveys.models import Campaign, Envelope, Invitation, Questionnaire, Respondent, Survey  # noqa: E402

from .printing import Table, line, summary, verdict  # noqa: E402

QUESTIONS, PEOPLE, LEAST_RATE = 40, 200, 0.5
Body = dict[str, Any]


def _words(text: str) -> dict[str, str]:
    return {"kk": text, "ru": text, "en": text}


def _item(number: int) -> Body:
    kind = ("likert", "likert", "likert", "rating", "text")[number % 5]
    return {
        "code": f"question-{number}", "wording": 1, "kind": kind, "scale": "agree" if kind == "likert" else "",
        "reverse": False, "text": _words(f"Оқытушы тақырыпты түсінікті етіп түсіндіреді, {number}"), "hint": _words(""),
        "na": True, "refuse": False, "required": False, "remark": kind == "rating", "options": [], "low": None, "high": None,
        "areas": ["S3.A6"], "show_if": {},
    }  # fmt: skip


def _survey() -> Survey:
    """A survey of 40 questions of all usual kinds, on ten pages."""
    sections = [
        {"code": f"s{at}", "name": _words("Бөлім"), "intro": _words(""), "block": "", "per_teacher": False, "areas": [],
         "items": [_item(at * 4 + n) for n in range(4)]}
        for at in range(QUESTIONS // 4)
    ]  # fmt: skip
    content = {"name": _words("Оқу"), "intro": _words(""), "thanks": _words("Рақмет"), "sections": sections}
    today = timezone.localdate()
    with door("import"):
        questionnaire = Questionnaire(
            code=f"b-{uuid.uuid4().hex[:8]}", name="Оқу", name_kk="Оқу", audience="students", designer="quality_manager",
            checker="academic_council", state=Questionnaire.IN_USE,
        )  # fmt: skip
        questionnaire.save()
        campaign = Campaign(
            questionnaire=questionnaire, name="Оқу", name_kk="Оқу", state=Campaign.OPEN, year=today.year, opens_on=today,
            closes_on=today + datetime.timedelta(days=9), public_key=sealing.new_key()[1], content=content,
        )  # fmt: skip
        campaign.save()
    return Survey.objects.create(campaign=campaign, title=_words("Оқу"))


def _invited(survey: Survey, number: int) -> list[Body]:
    """Bodies of as many answers, one a respondent."""
    tokens = [keys.new_token() for _n in range(number)]
    people = Respondent.objects.bulk_create(Respondent(token_hash=keys.hash_of(token)) for token in tokens)
    rows = Invitation.objects.bulk_create(
        Invitation(survey=survey, respondent=who, strata={"level": "bachelor"}) for who in people
    )
    return [_answers(token, row) for token, row in zip(tokens, rows, strict=True)]


def _answers(token: str, row: Invitation) -> Body:
    said = {"likert": "4", "rating": "9", "text": "Тәжірибелік сабақтар көбірек болса екен"}
    body = {f"q.{item['code']}": said[item["kind"]] for item in map(_item, range(QUESTIONS))}
    return {"token": token, "invitation": str(row.pk), "lang": "kk", "do": "send", **body}


# -- the rate -------------------------------------------------------------------------------------------------------------
class Sender:
    """One address that takes a POST with CSRF, as a browser's script sends it."""

    def __init__(self, name: str, path: str, bodies: Callable[[], Body], bare: bool = False):
        self.name, self.path, self.bodies, self.times = name, path, bodies, []
        with override_settings(MIDDLEWARE=settings.BARE_MIDDLEWARE if bare else settings.MIDDLEWARE):
            self.client = Client(enforce_csrf_checks=True, headers={"accept": "application/json"})
            self.client.handler.load_middleware()
        self.client.cookies["csrftoken"] = self.csrf = "b" * 32

    @property
    def median(self) -> float:
        return statistics.median(self.times) * 1000

    @property
    def quick(self) -> float:
        return statistics.quantiles(self.times, n=10)[0] * 1000

    def send(self) -> None:
        body = _encoded({**self.bodies(), "csrfmiddlewaretoken": self.csrf})
        start = time.perf_counter()
        answer = self.client.post(self.path, body, content_type="application/x-www-form-urlencoded")
        self.times.append(time.perf_counter() - start)
        if answer.status_code != 200:
            raise RuntimeError(f"{self.path} answered {answer.status_code}: {answer.content[:300]!r}")


def _encoded(body: Body) -> str:
    return urlencode(body)


def rate(rounds: int) -> None:
    """The bare view takes the same body, checks CSRF and writes one row of the same size."""
    bodies = iter(_invited(_survey(), rounds + 10))
    place = _survey()
    same = {**_invited(place, 1)[0], "survey": place.pk, "bytes": questions_of(place).size}
    bare = Sender("bare insert with CSRF", "/bare/envelope/", lambda: same, bare=True)
    ours = Sender(f"an answer to {QUESTIONS} questions", "/answer/survey/", lambda: next(bodies))
    for _turn in range(10):
        bare.send()
        ours.send()
    for sender in (bare, ours):
        sender.times.clear()
    for turn in range(rounds):
        for sender in (bare, ours) if turn % 2 else (ours, bare):
            sender.send()
    table = Table("sending", "median ms", "decile ms", "a second")
    for sender in (bare, ours):
        table.add(sender.name, sender.median, sender.quick, round(1000 / sender.median))
    table.show()
    # The quickest tenth as well: on a machine with other work the median is mostly that other work.
    slower = min(ours.median / bare.median, ours.quick / bare.quick)
    verdict(
        f"an answer is taken at ≥ {LEAST_RATE} × the rate of a bare insert (its time ≤ 2 ×)", slower, 1 / LEAST_RATE
    )


# -- 200 at once ----------------------------------------------------------------------------------------------------------
def rush() -> None:
    survey = _survey()
    bodies = _invited(survey, PEOPLE)
    barrier = threading.Barrier(PEOPLE)

    def send(body: Body) -> tuple[int, float]:
        client = Client(enforce_csrf_checks=True, headers={"accept": "application/json"})
        client.cookies["csrftoken"] = csrf = "b" * 32
        barrier.wait()
        start = time.perf_counter()
        with served:
            answer = client.post("/answer/survey/", {**body, "csrfmiddlewaretoken": csrf})
            connections.close_all()
        return answer.status_code, time.perf_counter() - start

    served = threading.BoundedSemaphore(int(os.environ.get("BENCH_WORKERS", "12")))  # as a server takes them in
    with ThreadPoolExecutor(PEOPLE) as pool:
        found = list(pool.map(send, bodies))
    waits = sorted(wait for _status, wait in found)
    statuses = Counter(status for status, _wait in found)
    envelopes = Envelope.objects.filter(survey=survey).count()
    marked = survey.invitations.filter(participated=True).count()
    line(f"\n{PEOPLE} respondents at once: {dict(statuses)}; {envelopes} envelopes, {marked} marked in the ledger")
    line(
        f"  wait: median {statistics.median(waits):.2f} s, p95 {waits[int(PEOPLE * 0.95) - 1]:.2f} s, longest {waits[-1]:.2f} s"
    )
    verdict(
        f"{PEOPLE} at once: lost, double, in error",
        abs(PEOPLE - envelopes) + abs(PEOPLE - marked) + PEOPLE - statuses[200],
        0,
    )


def main(what: str, rounds: str = "200") -> None:
    if what == "fill":
        call_command("migrate", verbosity=0)
        return
    line(f"\nAnswering, {connection.vendor}")
    rate(max(int(rounds), 100))
    rush()
    summary()


if __name__ == "__main__":
    main(*sys.argv[1:])
