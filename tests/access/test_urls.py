"""Every address × every role: who gets what. An address without a row fails; Django admin has one rule for all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import get_resolver

from qa_portal.notices.models import MailboxLetter, Notice
from qa_portal.reports.models import Paper
from qa_portal.reports.seals import seal_for
from standards.models import EvaluationArea

from . import rooms
from .rows import ASB_ONLY, NOT_FOR_WATCHERS, ROLES, Row, api, our_api, ours, page, row, step_api, with_step

pytestmark = pytest.mark.django_db


def finding(made: Any) -> tuple[Any, ...]:
    return (made.finding.pk,)


def plan(made: Any) -> tuple[Any, ...]:
    return (made.plan.pk,)


def action(made: Any) -> tuple[Any, ...]:
    return (made.action.pk,)


def evidence(made: Any) -> tuple[Any, ...]:
    return (made.evidence.pk,)


TABLE = [
    row(""),
    row("healthz"),
    row("readyz"),
    row("admin/login/", rest=403, anon=302, admin=302),
    row("parts/", rest=404),
    row("letters/", rest=404),
    row("letters/<int:pk>/", lambda made: (made.letter.pk,), rest=404),
    row("letters/<int:pk>/html/", lambda made: (made.letter.pk,), rest=404),
    row("verify/<slug:code>/", lambda made: (made.seal.shown_code,)),
    page("search/"),
    page("standards/"),
    page("standards/matrix/"),
    page("standards/standards/<int:pk>/", lambda made: (made.requirement.standard_id,)),
    page("standards/requirements/<int:pk>/", lambda made: (made.requirement.pk,)),
    page("capa/", expert=200),
    page("capa/signals/", expert=403, stranger=403, **ASB_ONLY),
    page(
        "capa/signals/<str:key>/<int:pk>/<slug:verb>/",
        lambda made: ("people.unit_without_head", made.department.pk, "raise"),
        rest=405,
    ),
    page("capa/findings/"),
    page("capa/findings/add/"),
    ours("capa/findings/<int:pk>/", finding),
    ours("capa/findings/<int:pk>/edit/", finding, staff=403, head=403, board=403, admin=403),  # a plan hangs on it
    ours("capa/findings/<int:pk>/history/", finding),
    ours("capa/findings/<int:pk>/print/", finding),
    page("capa/findings/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours(
        "capa/findings/<int:pk>/<slug:step>/",
        with_step(finding, "cancel"),
        staff=403,
        head=403,
        asb=409,
        board=403,
        admin=403,
    ),
    page("capa/plans/"),
    page("capa/plans/add/", rest=404),
    ours("capa/plans/<int:pk>/", plan),
    ours("capa/plans/<int:pk>/edit/", plan, staff=409, head=409, asb=409, **NOT_FOR_WATCHERS),
    ours("capa/plans/<int:pk>/history/", plan),
    ours("capa/plans/<int:pk>/print/", plan),
    page("capa/plans/many/<slug:step>/", lambda made: ("cancel",), rest=405),
    ours("capa/plans/<int:pk>/<slug:step>/", with_step(plan, "cancel"), **ASB_ONLY),
    page("capa/actions/"),
    page("capa/actions/add/", rest=404),
    ours("capa/actions/<int:pk>/", action),
    ours("capa/actions/<int:pk>/edit/", action, staff=409, head=409, asb=409, **NOT_FOR_WATCHERS),
    ours("capa/actions/<int:pk>/history/", action),
    page("capa/actions/many/<slug:step>/", lambda made: ("approve",), rest=405),
    ours("capa/actions/<int:pk>/<slug:step>/", with_step(action, "cancel"), **ASB_ONLY),
    page("documents/evidence/"),
    page("documents/evidence/add/", expert=403),
    ours("documents/evidence/<int:pk>/", evidence),
    ours("documents/evidence/<int:pk>/edit/", evidence, head=403, board=403, admin=403),
    ours("documents/evidence/<int:pk>/history/", evidence),
    ours("documents/evidence/<int:pk>/file/", evidence, rest=404),  # this piece is a link
    page("documents/evidence/many/<slug:step>/", lambda made: ("withdraw",), rest=405),
    ours("documents/evidence/<int:pk>/<slug:step>/", with_step(evidence, "withdraw"), head=403, board=403, admin=403),
    page("people/"),
    page("people/settings/"),
    page("people/units/<int:pk>/", lambda made: (made.department.pk,)),
    page("people/people/<int:pk>/", lambda made: (made.head.pk,), expert=404),
    page("notices/"),
    page("notices/read-all/", rest=405),
    page("notices/<int:pk>/", lambda made: (made.notice.pk,), rest=404, asb=302),
    page("papers/"),
    page("papers/<int:pk>/", lambda made: (made.paper.pk,), rest=404),
    page("papers/<int:pk>/status/", lambda made: (made.paper.pk,), rest=404, asb=200),
    api("api/v1/schema/"),
    api("api/v1/docs/"),
    api("api/v1/capa/signals/", expert=403, stranger=403, **ASB_ONLY),
    step_api("api/v1/capa/signals/<pk>/raise/", lambda made: (f"people.unit_without_head:{made.department.pk}",)),
    step_api("api/v1/capa/signals/<pk>/set-aside/", lambda made: (f"people.unit_without_head:{made.department.pk}",)),
    *[
        made
        for records, of, steps in (
            ("capa/findings", finding, ("cancel", "close", "correct", "link-duplicate")),
            (
                "capa/plans",
                plan,
                (
                    "approve",
                    "cancel",
                    "check-effect",
                    "endorse",
                    "name-checker",
                    "reopen",
                    "send-back",
                    "submit",
                    "undo-endorsement",
                    "verify",
                ),
            ),
            (
                "capa/actions",
                action,
                (
                    "approve",
                    "ask-extension",
                    "cancel",
                    "carry-out",
                    "grant-extension",
                    "hand-over",
                    "refuse-extension",
                    "send-back",
                ),
            ),
            ("documents/evidence", evidence, ("withdraw",)),
        )
        for made in (
            api(f"api/v1/{records}/"),
            our_api(f"api/v1/{records}/<pk>/", of),
            our_api(f"api/v1/{records}/<pk>/history/", of),
            *[step_api(f"api/v1/{records}/<pk>/{step}/", of) for step in steps],
        )
    ],
    our_api("api/v1/documents/evidence/<pk>/file/", evidence, rest=404),
    api("api/v1/notices/notices/"),
    api("api/v1/notices/notices/<pk>/", lambda made: (made.notice.pk,), rest=404, asb=200),
    step_api("api/v1/notices/notices/<pk>/read/", lambda made: (made.notice.pk,)),
    api("api/v1/people/units/"),
    api("api/v1/people/units/<pk>/", lambda made: (made.department.pk,)),
    api("api/v1/people/people/"),
    api("api/v1/people/people/<pk>/", lambda made: (made.head.pk,), expert=404),
    api("api/v1/people/offices/"),
    api("api/v1/people/offices/<pk>/", lambda made: (made.head.offices.get().pk,), expert=404),
    *[
        made
        for records in ("programmes", "disciplines", "courses", "terms")
        for made in (
            api(f"api/v1/programmes/{records}/"),
            api(f"api/v1/programmes/{records}/<pk>/", lambda made: (999999,), rest=404),
        )
    ],
    *[
        made
        for records in (
            "editions",
            "standards",
            "tasks",
            "stages",
            "risks",
            "responsibilities",
            "documents-expected",
            "mappings",
        )
        for made in (
            api(f"api/v1/standards/{records}/"),
            api(f"api/v1/standards/{records}/<pk>/", lambda made: (999999,), rest=404),
        )
    ],
    api("api/v1/standards/requirements/"),
    api("api/v1/standards/requirements/<pk>/", lambda made: (made.requirement.pk,)),
    api("api/v1/standards/areas/"),
    api("api/v1/standards/areas/<pk>/", lambda made: (made.area.pk,)),
    *rooms.rows(),
]

#: every page of sign-in there is, and what it answers to a stranger; what allauth has besides is not there
ACCOUNTS = {
    "accounts/login/": 200,
    "accounts/logout/": 302,
    "accounts/inactive/": 200,
    "accounts/reauthenticate/": 302,
    "accounts/password/change/": 302,
    "accounts/password/set/": 302,
    "accounts/password/reset/": 200,
    "accounts/password/reset/done/": 200,
    "accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/": 200,
    "accounts/password/reset/key/done/": 200,
    "accounts/2fa/": 302,
    "accounts/2fa/authenticate/": 302,
    "accounts/2fa/reauthenticate/": 302,
    "accounts/2fa/totp/activate/": 302,
    "accounts/2fa/totp/deactivate/": 302,
    "accounts/2fa/recovery-codes/": 302,
    "accounts/2fa/recovery-codes/generate/": 302,
    "accounts/2fa/recovery-codes/download/": 302,
    "accounts/3rdparty/login/cancelled/": 200,
    "accounts/oidc/(?P<provider_id>[^/]+)/login/": 404,
    "accounts/oidc/(?P<provider_id>[^/]+)/login/callback/": 404,
}


def patterns(resolver: Any = None, before: str = "") -> Iterator[str]:
    resolver = resolver or get_resolver()
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern).lstrip("^").rstrip("$").replace("(?P<pk>[^/.]+)", "<pk>").replace(
            "(?P<pk>[a-z_.]+:[0-9]+)", "<pk>"
        )
        path = path.replace("/^", "/")
        if hasattr(entry, "url_patterns"):
            if entry.app_name != "admin":
                yield from patterns(entry, path)
        else:
            yield path


def test_every_address_has_a_row():
    addresses = {path for path in patterns() if not path.startswith("accounts/")}
    assert addresses - {entry.pattern for entry in TABLE} == set()
    assert {entry.pattern for entry in TABLE} - addresses == set()


class Made:
    """One record of each kind, in therapy's plan in progress."""

    def __init__(self, world: Any):
        self.requirement, self.department, self.head = world.requirement, world.department, world.head
        self.area = EvaluationArea.objects.create(
            standard=world.requirement.standard, code="S1.A1", place=1, text_kk="Саясат"
        )
        self.plan = world.in_progress()
        self.finding = self.plan.finding
        self.action = self.plan.actions.get()
        done = world.implemented(finding=world.finding()).actions.get()
        self.evidence = done.proofs.get().evidence
        self.notice = Notice.objects.filter(person=world.asb).first()
        self.letter = MailboxLetter.objects.create(to="x@example.org", subject="s", text="t")
        self.paper = Paper.objects.create(person=world.asb, report="capa.plan", language="kk", title="t")
        self.seal = seal_for(self.finding, "capa.finding", lambda: "Хаттама", lambda: [("Шешім", "бекітілсін")])
        rooms.make(self, world)


def address(entry: Row, made: Made) -> str:
    path, values = entry.pattern, list(entry.args(made))
    while "<" in path:
        start, end = path.index("<"), path.index(">")
        path = path[:start] + str(values.pop(0)) + path[end + 1 :]
    return "/" + path


def client(world: Any, role: str) -> Client:
    found = Client(raise_request_exception=False)
    if role != "anon":
        found.force_login(getattr(world, role), backend="django.contrib.auth.backends.ModelBackend")
    return found


def test_each_address_answers_each_role_as_the_table_says(world, no_second_factor):
    made = Made(world)
    wrong = []
    for role in ROLES:
        visitor = client(world, role)
        for entry in TABLE:
            answer = visitor.get(address(entry, made))
            if answer.status_code != entry.answers[role]:
                wrong.append(
                    f"{role}: GET {address(entry, made)} → {answer.status_code}, the table says {entry.answers[role]}"
                )
    assert not wrong, "\n".join(wrong)


def test_reading_with_get_writes_nothing(world, no_second_factor):
    """Crawling every address as the quality office leaves every record as it was."""
    made = Made(world)
    before = [type(r).objects.get(pk=r.pk).revision for r in (made.finding, made.plan, made.action, made.evidence)]
    visitor = client(world, "asb")
    for entry in TABLE:
        visitor.get(address(entry, made))
    assert before == [
        type(r).objects.get(pk=r.pk).revision for r in (made.finding, made.plan, made.action, made.evidence)
    ]


def test_accounts_have_the_listed_pages_only(world):
    assert sorted(path for path in patterns() if path.startswith("accounts/")) == sorted(ACCOUNTS)


@pytest.mark.parametrize("path", ACCOUNTS)
def test_accounts_are_closed_to_strangers_but_for_sign_in_and_password_reset(world, path):
    real = path.replace("(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)", "a-b").replace("(?P<provider_id>[^/]+)", "none")
    answer = client(world, "anon").get("/" + real)
    assert answer.status_code == ACCOUNTS[path]
    assert b'name="password1"' not in answer.content


@pytest.mark.parametrize("role", ["expert", "staff", "head", "asb", "board"])
def test_admin_is_closed_to_everybody_without_its_flag(world, no_second_factor, role):
    assert client(world, role).get("/admin/").status_code == 302
    assert client(world, role).get("/admin/capa/finding/").status_code == 302


def test_admin_is_open_to_administrators(world, no_second_factor):
    visitor = client(world, "admin")
    for path in (
        "/admin/",
        "/admin/capa/finding/",
        "/admin/people/person/",
        "/admin/policy/policyvalue/",
        "/admin/people/unit/",
    ):
        assert visitor.get(path).status_code == 200, path


@override_settings(DEMO=True)
def test_demo_pages_open_in_the_demo_only(world):
    letter = MailboxLetter.objects.create(to="x@example.org", subject="s", text="t", html="<p>t</p>")
    visitor = client(world, "anon")
    for path in ("/parts/", "/letters/", f"/letters/{letter.pk}/", f"/letters/{letter.pk}/html/"):
        assert visitor.get(path).status_code == 200, path
