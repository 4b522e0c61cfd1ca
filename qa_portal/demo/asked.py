"""Surveys of the demo university, asked through the portal's own steps: launched, answered behind the seal, opened, released.

What the worker does in the background (invitations, opening, figures) is done here and now, in the moment of the story.
"""

from __future__ import annotations

import datetime
import random
from typing import Any
from zlib import crc32

from django.utils import timezone

from qa_portal.people.roles import Role
from qa_portal.permissions import SYSTEM
from qa_portal.programmes.models import Term
from qa_portal.web.registry import key_of
from surveys import (
    answering,
    course_roster,
    launching,
    letters,
    opening,
    releasing,
    response,
    reviewing,
    roster,
    strata,
)
from surveys.asking import questions_of
from surveys.models import (
    Campaign,
    Invitation,
    LetterOwed,
    Questionnaire,
    Release,
    ReleaseNode,
    TeacherReply,
    TextAnswer,
    Theme,
)
from surveys.urn import put_in
from surveys.workflow import campaigns as on_campaign
from surveys.workflow import opening as on_urn
from surveys.workflow import releases as on_release

from .answers import answers_to
from .assessed import DAY
from .stories import Stage
from .told import Told
from .university import in_languages, read

#: what was read, with the mark of the words that nobody may see
WITHHELD = "withheld"
#: a term counts as over when there is room after it for all that follows from its survey
ROOM = 60
#: accounts that get the letter of an open survey in the demo's mailbox; a letter to everybody would be three hundred
LETTERS_TO = ("student", "staff", "staff2", "head")


class Survey(Told):
    """One campaign, from the draft to the published report."""

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"survey {row['key']}", stage)
        self.row, self.days = row, row["days"]
        self.term = self.find_term()
        # Days of a survey about a term's courses count from its end, so that they fall where teaching ended.
        self.shift = (stage.today - self.term.until).days if row.get("term") == "last" and self.term else 0
        self.texts = read("said")["texts"].get(row.get("texts", ""), {})
        self.plan()

    def find_term(self) -> Term | None:
        kind, today = self.row.get("term"), self.stage.today
        if kind == "last":
            rows = Term.objects.filter(until__lte=today - ROOM * DAY)
            return rows.order_by("-until").first()
        return Term.objects.filter(since__lte=today).order_by("-since").first() if kind else None

    def ago(self, word: str) -> float:
        return float(self.days[word] + self.shift)

    def plan(self) -> None:
        row, days = self.row, self.days
        begun = self.ago("begun")
        self.at(begun, self.begin)
        self.at(begun - 1, self.choose)
        if row.get("submitted") or "ready" in days or "launched" in days:
            self.at(begun - 3, self.submit)
        if "ready" in days or "launched" in days:
            ready = self.ago("ready") if "ready" in days else self.ago("launched") + 5
            self.at(ready, self.check)
            self.at(ready - 2, self.rehearse)
        for word, what in (
            ("launched", self.launch), ("closed", self.close), ("opened", self.open), ("released", self.release),
            ("coded", self.code), ("sent", self.send), ("corrected", self.correct), ("published", self.publish),
            ("reply", self.reply), ("cancelled", self.cancel),
        ):  # fmt: skip
            if word in days:
                self.at(self.ago(word) - (word == "closed"), what)
        if "launched" in days:
            closed = self.ago("closed") if "closed" in days else 0.0
            self.at((self.ago("launched") + 2 * closed) / 3 if closed else 1, self.answer)
        if "opened" in days:
            self.at(max(self.ago("closed") - 50, min(self.ago(word) for word in days) - 1, 0), self.forget)
        if "released" in days:
            self.at(self.ago("released") - 3, self.conclude)

    # -- small questions -----------------------------------------------------------------------------
    def now(self) -> Campaign:
        return Campaign.objects.select_related("questionnaire", "unit", "term").get(pk=self.campaign.pk)

    def report(self) -> Release:
        return Release.objects.select_related("campaign__questionnaire").get(pk=self.made.pk)

    def by(self) -> Any:
        return self.cast.today(self.row.get("by", "asb"))

    def office(self) -> Any:
        return self.cast.today("asb")

    def day(self, word: str) -> datetime.date:
        return self.stage.today - int(self.ago(word)) * DAY

    # -- before it begins ------------------------------------------------------------------------------
    def begin(self) -> None:
        row, days = self.row, self.days
        opens = self.day("launched") if "launched" in days else self.stage.today + row.get("opens_in", 10) * DAY
        closes = self.day("closed") if "closed" in days else max(opens, self.stage.today) + row["open_for"] * DAY
        way = Campaign.Way.COURSES if self.term else Campaign.Way.LINK if "link" in row else Campaign.Way.ROSTER
        questionnaire = Questionnaire.objects.get(code=row["questionnaire"], state=Questionnaire.IN_USE)
        self.campaign = Campaign(
            questionnaire=questionnaire,
            way=way,
            term=self.term,
            unit=self.stage.units[row["unit"]] if "unit" in row else None,
            year=opens.year,
            opens_on=opens,
            closes_on=closes,
            report_due=closes + 60 * DAY,
            population=row.get("link"),
            **in_languages("name", {code: words.format(year=opens.year) for code, words in row["name"].items()}),
            **in_languages("invitation", row.get("invitation")),
        )
        self.campaign.trees = [list(tree) for tree in strata.trees_for(self.campaign)]
        self.campaign.note_author(self.by())
        self.campaign.add(by=self.by())

    def choose(self) -> None:
        """Who is asked."""
        campaign, by = self.now(), self.by()
        if campaign.about_courses:
            chosen = [of.course.pk for of in course_roster.offered(campaign) if of.advised]
            course_roster.take_courses(campaign, chosen, by)
        elif not campaign.by_link:
            roster.take_people(campaign, self.row["take"], by)

    def submit(self) -> None:
        on_campaign.submit(self.now(), by=self.by())

    def check(self) -> None:
        campaign = self.now()
        names = ["sshayakhmetova", *self.cast.holding(Role.QUALITY_REPRESENTATIVE)]
        on_campaign.check(campaign, by=self.cast.who_may(on_campaign.check, campaign, names), note="")

    def rehearse(self) -> None:
        on_urn.rehearse(self.now(), by=self.by())

    def cancel(self) -> None:
        on_campaign.cancel(self.now(), by=self.by(), reason=self.row["reason"])

    # -- while it is open ------------------------------------------------------------------------------
    def launch(self) -> None:
        on_campaign.launch(self.now(), by=self.by(), now=True)
        if not launching.launch(self.campaign.pk):
            raise RuntimeError(f"{self.key} was not launched: {self.now().problem}")
        # All letters but a few are taken for sent; those of a survey that is over were sent long ago.
        waiting = LetterOwed.objects.filter(respondent__invitations__survey__campaign=self.campaign)
        kept = [] if "closed" in self.days else [self.cast.people[name].pk for name in LETTERS_TO]
        LetterOwed.objects.filter(
            pk__in=list(waiting.exclude(respondent__person__in=kept).values_list("pk", flat=True))
        ).delete()
        if kept:
            letters.send_waiting()

    def answer(self) -> None:
        """Some of those asked answer; the accounts of the demo keep an open survey to themselves."""
        chosen = random.Random(self.key)  # noqa: S311 - invented answers
        pools = {key: chosen.sample(texts, len(texts)) for key, texts in self.texts.items()}
        for invitation, respond in self.who_answers(chosen):
            asked = questions_of(invitation.survey).sections
            about = self.row["about"] + self.lean(invitation.strata)
            if respond:
                put_in(invitation, answers_to(asked, about, pools, chosen))
        if "closed" not in self.days:
            response.note_live_rates(self.now())

    def who_answers(self, chosen: random.Random) -> list[tuple[Invitation, bool]]:
        if "link" in self.row:
            return [(answering.begin(self.now())[1], True) for _visitor in range(self.row["answers"])]
        rows = Invitation.objects.filter(survey__campaign=self.campaign).select_related("survey__campaign")
        rows = rows.select_related("survey__campaign", "respondent")
        ordered = sorted(rows, key=lambda row: (row.respondent.email, row.respondent.person_id or 0, row.survey_id))
        kept = set() if "closed" in self.days else {self.cast.people[name].pk for name in LETTERS_TO}
        return [
            (row, chosen.random() < self.row["response"] and row.respondent.person_id not in kept) for row in ordered
        ]

    def lean(self, strata: dict[str, Any]) -> float:
        schools = {self.stage.units[code].pk: by for code, by in self.row.get("schools", {}).items()}
        return float(schools.get(strata.get("school"), 0))

    def close(self) -> None:
        """The clock does it when the last day is over."""
        on_campaign.close(self.now(), by=SYSTEM)

    # -- opening and release ------------------------------------------------------------------------------
    def open(self) -> None:
        on_urn.open_urn(self.now(), by=self.office())
        if not opening.run(self.campaign.pk):
            raise RuntimeError(f"{self.key} was not opened: {self.now().problem}")

    def forget(self) -> None:
        """What the clock does some weeks after the last day: counts stay, who was asked does not."""
        response.end_ledgers(timezone.localdate())

    def make(self, release: Release) -> None:
        self.made = release
        if not releasing.make(release.pk):
            raise RuntimeError(f"{self.key}: {self.report().problem}")

    def release(self) -> None:
        on_release.release(self.now(), by=self.office())
        self.make(Release.objects.get(campaign=self.campaign))

    def conclude(self) -> None:
        row = self.row
        if "conclusions" not in row:
            return
        report, by = self.report(), self.office()
        report.summary_kk, report.conclusions_kk = row["summary"], row["conclusions"]
        report.save_changes(by=by)
        for place in row.get("recommend", ()):
            theme = Theme.objects.filter(code=place.get("theme", "")).first()
            on_release.add_recommendation(
                self.report(),
                by=by,
                text=place["text"],
                unit=self.stage.units[place["unit"]].pk,
                question=place.get("question", ""),
                theme=theme.pk if theme else "",
                area=place.get("area", ""),
            )

    def code(self) -> None:
        """Some of the texts are read and coded; the rest waits."""
        themes = dict(Theme.objects.in_use().values_list("code", "pk"))
        known = {words[0]: words[1:] for texts in self.texts.values() for words in texts}
        rows = TextAnswer.objects.filter(survey__campaign=self.campaign)
        typed = {}
        for text in sorted(rows, key=lambda row: (row.question, row.text, str(row.survey_id))):
            if crc32(text.text.encode()) % 100 >= 100 * self.row["coded"]:
                continue
            theme, *shown = known[text.text]
            of = frozenset({themes[theme]} & set(themes.values())) if theme in themes else frozenset()
            review, shown_as = reviewing.Review.SHOWN, ""
            if shown:
                review = reviewing.Review.WITHHELD if shown[0] == WITHHELD else reviewing.Review.MASKED
                shown_as = "" if shown[0] == WITHHELD else shown[0]
            typed[text.pk] = reviewing.Typed(review, shown_as, of)
        outcome = reviewing.review(self.now(), typed, by=self.office())
        if outcome.wrong:
            raise RuntimeError(f"{self.key}: {outcome.wrong}")

    def send(self) -> None:
        on_release.send(self.report(), by=self.office())
        if "key_of_council" in self.row:
            self.stage.subjects[self.row["key_of_council"]] = (self.report(), f"{key_of(self.made)}.consider")
        self.stage.releases[self.row["key"]] = self.made

    def correct(self) -> None:
        """A word was wrong: a second version takes the place of the first."""
        on_release.correct(self.report(), by=self.office(), reason="Қорытындыдағы бір сөйлем нақтыланды.")
        self.make(Release.objects.filter(campaign=self.campaign).latest("version"))
        report = self.report()
        report.conclusions_kk = self.row["correction"]
        report.save_changes(by=self.office())
        self.send()

    def publish(self) -> None:
        """The files of the public edition are the worker's: it makes them after the loading, in the minute that they take."""
        on_release.publish(self.report(), by=self.office())

    def reply(self) -> None:
        """A teacher answers the results of an own course, where they are shown."""
        words = self.row["reply"]
        nodes = ReleaseNode.objects.filter(release=self.made, hidden=False, teacher__isnull=False).order_by("pk")
        wanted = nodes.filter(teacher=self.cast.people[words["by"]]).first() or nodes.first()
        if wanted is not None:
            by = self.cast.today(wanted.teacher.username)
            TeacherReply(node=wanted, teacher=by, text=words["text"]).add(by=by)

    def problem(self) -> str:
        days, state = self.days, self.now().state
        expected = Campaign.DRAFT
        for word, reached in (
            ("ready", Campaign.READY), ("launched", Campaign.OPEN), ("closed", Campaign.CLOSED),
            ("opened", Campaign.OPENED), ("cancelled", Campaign.CANCELLED),
        ):  # fmt: skip
            expected = reached if word in days else expected
        if self.row.get("submitted"):
            expected = Campaign.SUBMITTED
        return "" if state == expected else f"{self.key}: {state} instead of {expected}"


def all_of_surveys(stage: Stage) -> list[Told]:
    return [Survey(row, stage) for row in read("asked")["campaigns"]]
