"""Every other voice of the demo university: petitions, appeals, talks, forms on courses, and “you said — we did”."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from capa import signals
from qa_portal.bodies.models import Body
from qa_portal.permissions import SYSTEM
from qa_portal.programmes.models import Course, Term
from qa_portal.web.registry import key_of, registry
from qa_portal.workflow.writing import door
from surveys import loop_sources, making_forms, receipts, receiving
from surveys.models import (
    AcademicAppeal,
    AppealReport,
    CourseForm,
    LoopEntry,
    LoopLetter,
    Petition,
    Recommendation,
    Talk,
    Theme,
)
from surveys.workflow import appeals as on_appeal
from surveys.workflow import course_forms as on_form
from surveys.workflow import loop as on_loop
from surveys.workflow import petitions as on_petition
from surveys.workflow import talks as on_talk
from surveys.workflow import texts as on_theme

from .asked import ROOM
from .assessed import DAY
from .bank import all_of_the_bank
from .stories import Stage
from .told import Told
from .university import in_languages, read

#: of the last term's forms by turns: how far each has come
FAR = ("answered", "answered", "analysed", "submitted", "answered", "open", "analysed")


def last_term(stage: Stage) -> Term | None:
    """The last term that is over, with room after it for what follows from it."""
    return Term.objects.filter(until__lte=stage.today - ROOM * DAY).order_by("-until").first()


class _Steps(Told):
    """Rows of steps: [verb, days, by whom, inputs]."""

    workflow: Any

    def plan_steps(self, rows: list[list[Any]], shift: float = 0) -> None:
        for verb, ago, name, inputs in rows:
            self.at(ago + shift, lambda v=verb, n=name, i=inputs: self.take(v, n, i))

    def now(self) -> Any:
        raise NotImplementedError

    def take(self, verb: str, name: str, inputs: dict[str, Any]) -> None:
        by = self.cast.today(name) if name else SYSTEM
        getattr(self.workflow, verb)(self.now(), by=by, **self.read(inputs))

    def read(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Names of people, codes of units and bodies as what the forms expect."""
        found = dict(inputs)
        for name in ("owner", "chair"):
            if name in found:
                found[name] = self.cast.people[found[name]].pk
        for name in ("people", "members"):
            if name in found:
                found[name] = [self.cast.people[one].pk for one in found[name]]
        if "unit" in found:
            found["unit"] = self.stage.units[found["unit"]].pk
        if "body" in found:
            found["body"] = Body.objects.get(code=found["body"]).pk
        if "in_days" in found:
            found["until"] = (timezone.localdate() + found.pop("in_days") * DAY).isoformat()
        return found


class PetitionStory(_Steps):
    workflow = on_petition

    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"petition {row['key']}", stage)
        self.row = row
        self.at(row["ago"], self.receive)
        self.plan_steps(row["steps"])

    def now(self) -> Petition:
        return Petition.objects.select_related("unit", "owner", "author").get(pk=self.petition.pk)

    def receive(self) -> None:
        row, by = self.row, self.cast.today(self.row["by"]) if "by" in self.row else None
        words = {
            "kind": row["kind"],
            "subject": row["subject"],
            "text": row["text"],
            "unit": self.stage.units[row["unit"]],
            "area": row.get("area", ""),
            "language": row.get("language", "kk"),
        }
        if "way" in row:
            self.petition = Petition(
                **words,
                way=row["way"],
                name=row["name"],
                received_on=timezone.localdate(),
                code_hash=receipts.hash_of(receipts.new_code()),
            )
            self.petition.add(by=self.cast.today("chancellery"))
            return
        who = {"name": by.get_full_name(), "email": by.email} if by else {"name": "", "email": ""}
        code = row.get("code") or receipts.new_code()
        self.petition = receiving.receive({**words, **who, "phone": "", "anonymous": by is None}, code, by)

    def take(self, verb: str, name: str, inputs: dict[str, Any]) -> None:
        if verb == "write_on" and not name:
            on_petition.by_code(self.now(), on_petition.write_on, inputs)
            return
        super().take(verb, name, inputs)
        if verb == "take_to_body":
            self.stage.subjects[f"petition-{self.row['key']}"] = (
                self.now(),
                f"{key_of(self.petition)}.accept_by_decision",
            )
        if verb == "close":
            self.stage.subjects[self.key] = (self.now(), "")


class AppealStory(_Steps):
    workflow = on_appeal

    def __init__(self, row: dict[str, Any], stage: Stage, term: Term | None):
        super().__init__(f"appeal {row['key']}", stage)
        self.row = row
        shift = (stage.today - term.until).days if term and "about_term" in row else 0
        self.at(row.get("about_term", row.get("ago", 0)) + shift, self.file)
        self.plan_steps(row["steps"], shift)

    def now(self) -> AcademicAppeal:
        return AcademicAppeal.objects.select_related("unit", "course").get(pk=self.appeal.pk)

    def file(self) -> None:
        row, today = self.row, timezone.localdate()
        student = self.cast.today(row["by"]) if "by" in row else None
        courses = Course.objects.filter(discipline__code=row.get("course", ""), term__since__lte=today)
        self.appeal = AcademicAppeal(
            student=student,
            student_name=student.get_full_name() if student else row["name"],
            student_email=student.email if student else "",
            group=row["group"],
            kind=row["kind"],
            course=courses.order_by("-term__since").first(),
            about=row.get("about", ""),
            unit=self.stage.units[row["unit"]],
            grade=row["grade"],
            happened_on=today - row.get("late", 1) * DAY,
            filed_on=today,
            text=row["text"],
        )
        self.appeal.check_typed()
        self.appeal.add(by=student or self.cast.today("appeals"))


class AppealReports(Told):
    """The commission's report on the last term, accepted; that of the term before is begun by a school."""

    def __init__(self, stage: Stage, term: Term):
        super().__init__("appeal reports", stage)
        shift = (stage.today - term.until).days
        self.term = term
        self.at(shift - 22, self.write)
        self.at(shift - 24, lambda: on_appeal.submit(self.now(), by=self.cast.today("appeals")))
        self.at(shift - 36, lambda: on_appeal.accept(self.now(), by=self.cast.today("asb")))
        self.at(4, self.begin_another)

    def now(self) -> AppealReport:
        return AppealReport.objects.select_related("term", "unit").get(pk=self.report.pk)

    def write(self) -> None:
        by = self.cast.today("appeals")
        self.report = AppealReport(term=self.term, unit=self.stage.units["university"], **read("voices")["report"])
        self.report.note_author(by)
        self.report.add(by=by)

    def begin_another(self) -> None:
        by = self.cast.today("dean")
        report = AppealReport(term=self.term, unit=self.stage.units["medicine"])
        report.note_author(by)
        report.add(by=by)


class TalkStory(Told):
    def __init__(self, row: dict[str, Any], stage: Stage):
        super().__init__(f"talk {row['key']}", stage)
        self.row = row
        self.at(row["planned"], self.arrange)
        for word, what in (("held", self.hold), ("concluded", self.conclude), ("cancelled", self.cancel)):
            if word in row:
                self.at(row[word], what)
        for place, quote in enumerate(row.get("quotes", ()), 1):
            self.at(row["held"] - place, lambda q=quote: self.quote(*q))

    def now(self) -> Talk:
        return Talk.objects.select_related("unit", "moderator").get(pk=self.talk.pk)

    def leader(self) -> Any:
        return self.cast.today(self.row["moderator"])

    def arrange(self) -> None:
        row = self.row
        ends = row.get("held", row.get("cancelled", -row.get("in_days", 0)))
        names = ("kind", "title", "audience", "place", "questions")
        self.talk = Talk(
            **{name: row[name] for name in names},
            plan=row.get("plan", ""),
            areas=row.get("areas", []),
            unit=self.stage.units[row["unit"]],
            moderator=self.cast.people[row["moderator"]],
            on=self.stage.today - ends * DAY,
        )
        self.talk.add(by=self.cast.today(row["by"]))

    def hold(self) -> None:
        day = timezone.localdate()
        on_talk.hold(self.now(), by=self.leader(), on=day.isoformat(), groups=self.row["groups"])

    def quote(self, group: str, text: str, themes: list[str]) -> None:
        chosen = list(Theme.objects.filter(code__in=themes).values_list("pk", flat=True))
        on_talk.add_quote(self.now(), by=self.leader(), group=group, text=text, themes=chosen, anyway=True)

    def conclude(self) -> None:
        words = {name: self.row[name] for name in ("conclusions", "recommendations")}
        on_talk.conclude(self.now(), by=self.leader(), **words)

    def cancel(self) -> None:
        on_talk.cancel(self.now(), by=self.cast.today(self.row["by"]), reason=self.row["reason"])


class CourseForms(Told):
    """Forms on the courses of the last term, made by the clock after its end and by turns filled in, analysed, answered."""

    def __init__(self, stage: Stage, term: Term):
        super().__init__("course forms", stage)
        self.term, self.words = term, read("voices")["forms"]
        shift = (stage.today - term.until).days
        for ago, what in ((2, self.make), (12, self.submit), (24, self.analyse), (36, self.answer)):
            self.at(shift - ago, what)

    def rows(self, *states: str) -> list[tuple[str, CourseForm]]:
        """Each form with how far it comes; the first that would stay open is not needed."""
        found = CourseForm.objects.filter(course__term=self.term)
        found = found.select_related("course__discipline", "course__term", "teacher", "unit")
        ordered = sorted(found, key=lambda form: (form.course.discipline.code, form.teacher.username))
        far = [FAR[place % len(FAR)] for place in range(len(ordered))]
        if "open" in far:
            far[far.index("open")] = "not_needed"
        return [(state, form) for state, form in zip(far, ordered, strict=True) if state in states]

    def make(self) -> None:
        if not making_forms.make_due_forms(self.term.until + DAY):
            raise RuntimeError("no forms on courses were made")

    def submit(self) -> None:
        for _state, form in self.rows("answered", "analysed", "submitted"):
            by = self.cast.today(form.teacher.username)
            for name in ("strengths", "weaknesses", "outcomes", "improvements"):
                setattr(form, name, self.words[name])
            form.outcomes_share = 70 + form.course_id % 5 * 5
            form.save_changes(by=by)
            on_form.submit(form, by=by)
        for _state, form in self.rows("not_needed"):
            on_form.not_needed(form, by=self.cast.today("asb"), reason=self.words["not_needed"])

    def analyse(self) -> None:
        committees = [row[0] for code, rows in sorted(self.stage.seats.items()) if "committee" in code for row in rows]
        for _state, form in self.rows("answered", "analysed"):
            by = self.cast.who_may(on_form.analyse, form, [*committees, *self.cast.deciding_above(form.unit)])
            words = {name: self.words[name] for name in ("analysis", "recommendation")}
            on_form.analyse(form, by=by, **words)

    def answer(self) -> None:
        for _state, form in self.rows("answered"):
            on_form.answer(form, by=self.cast.today(form.teacher.username), answer=self.words["answer"])


class LoopStory(Told):
    """A line of “you said — we did”, begun from a report or a petition."""

    def __init__(self, row: dict[str, Any], stage: Stage, term: Term | None):
        super().__init__(f"loop {row['key']}", stage)
        self.row = row
        shift = (stage.today - term.until).days if term and "term" in row else 0
        self.at(row["ago"] + shift, self.write)
        if "published" in row:
            self.at(row["published"] + shift, self.publish)
        if "aside" in row:
            self.at(row["aside"], lambda: on_loop.set_aside(self.entry, by=self.officer(), reason=row["reason"]))

    def officer(self) -> Any:
        return self.cast.today("asb")

    def write(self) -> None:
        row = self.row
        if "release" in row:
            entry = loop_sources.from_release(self.stage.releases[row["release"]])
        else:
            entry = loop_sources.from_petition(self.stage.subjects[f"petition {row['petition']}"][0])
        entry.areas = row.get("areas", entry.areas)
        for name, words in (*in_languages("said", row["said"]).items(), *in_languages("did", row["did"]).items()):
            setattr(entry, name, words)
        entry.add(by=self.officer())
        self.entry = entry

    def publish(self) -> None:
        on_loop.publish(LoopEntry.objects.get(pk=self.entry.pk), by=self.officer())
        # Everybody was told long ago: of the letters none waits.
        waiting = LoopLetter.objects.filter(entry=self.entry)
        told = waiting.count()
        if told:
            waiting.delete()
            with door("import"):
                LoopEntry.objects.filter(pk=self.entry.pk).update(told=told)


class Codebook(Told):
    """Themes of texts and talks."""

    def __init__(self, stage: Stage):
        super().__init__("codebook", stage)
        for place, row in enumerate(read("said")["themes"]):
            self.at(660 - place / 100, lambda r=row: self.enter(r))
            if "retired" in row:
                self.at(90, lambda r=row: self.retire(r))

    def enter(self, row: dict[str, Any]) -> None:
        Theme(code=row["code"], areas=row["areas"], **in_languages("name", row)).add(by=self.cast.today("asb"))

    def retire(self, row: dict[str, Any]) -> None:
        theme = Theme.objects.get(code=row["code"])
        on_theme.retire(theme, by=self.cast.today("asb"), reason=row["retired"])


class Recommended(Told):
    """What the report on students recommends first becomes a finding."""

    def __init__(self, stage: Stage):
        super().__init__("recommended", stage)
        self.at(128, self.raise_finding)

    def raise_finding(self) -> None:
        row = Recommendation.objects.filter(release=self.stage.releases["students"]).order_by("place").first()
        signals.raise_finding(registry.signals["surveys.recommendation"], row, by=self.cast.today("asb"))


def all_of_voices(stage: Stage) -> list[Told]:
    data, term = read("voices"), last_term(stage)
    of_term = [AppealReports(stage, term), CourseForms(stage, term)] if term else []
    return [
        Codebook(stage),
        *all_of_the_bank(stage),
        *(PetitionStory(row, stage) for row in data["petitions"]),
        *(AppealStory(row, stage, term) for row in data["appeals"]),
        *(TalkStory(row, stage) for row in data["talks"]),
        *of_term,
        Recommended(stage),
        *(LoopStory(row, stage, term) for row in data["loop"]),
    ]
