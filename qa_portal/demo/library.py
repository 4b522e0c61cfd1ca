"""The life of each internal document of documents.yaml, step by step.

A version's days are counted back from its last step (`ago`). What a meeting decides is told by collegial.py: here it is
only brought before it. Before the demo's meetings begin, a body's word is spoken by whoever kept its minutes.
"""

from __future__ import annotations

import datetime
from typing import Any
from zlib import crc32

from django.utils import timezone

from qa_portal.bodies.authority import speaking_for
from qa_portal.documents.evidence import describe_file
from qa_portal.documents.models import (
    Acquaintance,
    Agreement,
    ChangeLine,
    ChangeProposal,
    Document,
    DocumentKind,
    PaperCopy,
    Version,
    VersionText,
)
from qa_portal.documents.words import each_once
from qa_portal.documents.workflow import acquaintance as on_acquaintance
from qa_portal.documents.workflow import agreement as on_agreement
from qa_portal.documents.workflow import document as on_document
from qa_portal.documents.workflow import upkeep as on_upkeep
from qa_portal.documents.workflow import version as on_version
from qa_portal.people.roles import Role
from qa_portal.web.registry import registry
from qa_portal.workflow.writing import door

from .papers import spoken, text_of_document
from .stories import Stage
from .told import Told
from .university import in_languages

DAY = datetime.timedelta(days=1)
#: what waits for a body's meeting is there so many days before it
BEFORE_MEETING = 22
#: people read within so many days; of the newest documents some have not yet
READ_WITHIN = 13
UNREAD_SINCE, FORGOTTEN_SINCE = 30, 120


class DocumentStory(Told):
    """One entry of documents.yaml, told through the kernel."""

    def __init__(self, data: dict[str, Any], stage: Stage, meetings: dict[str, int]):
        super().__init__(data["key"], stage)
        self.data = data
        self.meetings = meetings
        self.kind = DocumentKind.objects.get(code=data["kind"])
        self.unit = stage.units[data["unit"]]
        self.document: Document = None  # type: ignore[assignment]  # the first happening makes it
        self.version: Version = None  # type: ignore[assignment]  # `write` makes it
        for place, row in enumerate(data["versions"]):
            self.plan_version(row, place)
        self.plan_life()

    # -- when what happens --------------------------------------------------------------------------
    def plan_version(self, row: dict[str, Any], place: int) -> None:
        """From the last step backwards: words of the route, sent to them, agreed, checked, submitted, written."""
        reaches = row.get("reaches", Version.IN_FORCE)
        words = self.days_of_words(row) if reaches in (Version.APPROVED, Version.IN_FORCE) else []
        end = words[-1] if words else row["ago"]
        sent = agreed = checked = end
        if words:
            first = (row.get("words") or [None])[0]
            sent = words[0] + (BEFORE_MEETING if first in self.meetings else 4)
        agreed = sent + 2 if words or reaches == Version.APPROVING else end
        checked = agreed + (1 if reaches == Version.IN_AGREEMENT else 5)
        submitted = end if reaches == Version.FORM_CHECK else checked + 2
        self.at(end if reaches == Version.DRAFT else submitted + 3, lambda: self.write(row, place))
        stops: list[tuple[str, float, Any]] = [
            (Version.DRAFT, submitted, self.submit),
            (Version.FORM_CHECK, checked, lambda: self.check_form(row)),
            (Version.IN_AGREEMENT, agreed, lambda: self.answer(row)),
            (Version.AGREED, sent, self.send),
        ]
        ends = {Version.RETURNED: Version.AGREED, Version.CANCELLED: Version.FORM_CHECK}.get(reaches, reaches)
        order = [state for state, _ago, _do in stops]
        for _state, ago, do in stops[: order.index(ends) if ends in order else len(stops)]:
            self.at(ago, do)
        if reaches == Version.IN_AGREEMENT:
            self.at(end, lambda: self.answer(row))
        if reaches == Version.CANCELLED:
            self.at(end, lambda: self.give_up(row))
        for number, ago in enumerate(words):
            self.at(ago, lambda n=number: self.say(row, n))
        if words and not row.get("minor"):
            self.plan_reading(words[-1])

    def days_of_words(self, row: dict[str, Any]) -> list[float]:
        """On which day each authority of the route says its word."""
        said = row.get("words") or []
        count = self.kind.stops.count()
        days: list[float] = []
        for place in range(count):
            word = said[place] if place < len(said) else None
            days.append(self.meetings[word] if word in self.meetings else row["ago"] + 6 * (count - 1 - place))
        return days

    def plan_reading(self, approved: float) -> None:
        self.at(approved - 3, self.read_by_some)
        self.at(max(approved - READ_WITHIN - 1, 0), self.read_by_most)

    def plan_life(self) -> None:
        data = self.data
        in_force = [row for row in data["versions"] if row.get("reaches", Version.IN_FORCE) == Version.IN_FORCE]
        always = self.kind.public == DocumentKind.Public.ALWAYS and in_force and "ends" not in in_force[0]
        published = data.get("published", self.days_of_words(in_force[0])[-1] - 4 if always else None)
        if published is not None:
            self.at(published, self.publish)
        for name in ("reviewed", "copies", "proposals"):
            for row in data.get(name, ()):
                getattr(self, f"plan_{name}")(row)
        for name in ("annulled", "archived", "destroyed", "cancelled"):
            if name in data:
                self.at(data[name]["ago"], lambda n=name: getattr(self, n)(data[n]))

    # -- preparing --------------------------------------------------------------------------------------
    def write(self, row: dict[str, Any], place: int) -> None:
        by = self.author()
        if place == 0:
            self.enter(by)
        paper = text_of_document(self.data, self.kind, row.get("text"), self.label(place))
        self.version = Version(
            document=self.document,
            minor_change=row.get("minor", False),
            summary=row.get("summary", ""),
            effective_from=self.stage.today + row["effective_in"] * DAY if row.get("effective_in") else None,
            provisions={str(p.pk): f"{n}-бөлім" for n, p in enumerate(self.kind.provisions.all(), 1)},
            file=paper,
        )
        describe_file(self.version, paper)
        self.version.add(by=by)
        # What the worker would read out of the file a moment later.
        words = spoken(self.data, self.kind, row.get("text"))
        VersionText.objects.create(
            version=self.version, checksum=self.version.checksum, text=words, sought=each_once(words)
        )
        for line in row.get("changes", ()):
            self.enter_change(line, by)

    def enter(self, by: Any) -> None:
        data, stage = self.data, self.stage
        self.document = Document(
            kind=self.kind,
            unit=self.unit,
            languages=data.get("languages", ["kk", "ru"]),
            supports=data.get("supports", []),
            basis=[str(stage.acts[code].pk) for code in data.get("basis", ())],
            parent=stage.documents[data["parent"]] if data.get("parent") else None,
            audience_units=[str(stage.units[code].pk) for code in data.get("audience", ())],
            audience_roles=data.get("audience_roles", []),
            **in_languages("title", data["title"]),
        )
        self.document.add(by=by)
        stage.documents[self.key] = self.document

    def enter_change(self, line: dict[str, Any], by: Any) -> None:
        ChangeLine(
            version=self.version,
            section=line.get("section", ""),
            change=line["change"],
            description=line["text"],
            basis=line.get("basis", ""),
            basis_number=line.get("number", ""),
            basis_date=timezone.localdate() - 12 * DAY,
            **{f"sheets_{name}": text for name, text in line.get("sheets", {}).items()},
        ).add(by=by)

    def submit(self) -> None:
        on_version.submit(self.fresh(), by=self.author())

    def check_form(self, row: dict[str, Any]) -> None:
        version = self.fresh()
        units = [self.stage.units[code].pk for code in row.get("units", ())]
        by = self.cast.who_may(on_version.check_form, version, self.cast.quality_officers(self.key))
        on_version.check_form(version, by=by, units=units, agree_by=timezone.localdate() + 7 * DAY)

    def answer(self, row: dict[str, Any]) -> None:
        """Legal and the units concerned answer on the sheet; in a version still in agreement only the units named."""
        waiting = self.version.agreements.filter(state=Agreement.WAITING).select_related("unit", "version")
        for agreement in waiting.order_by("pk"):
            unit = agreement.unit.code if agreement.unit else "legal"
            if unit == row.get("released"):
                by = self.cast.who_may(on_agreement.release, agreement, self.cast.quality_officers(self.key))
                on_agreement.release(agreement, by=by, reason=row["why_released"])
                continue
            if row.get("reaches") == Version.IN_AGREEMENT and unit not in row.get("agreed_by", ()):
                continue
            objects = unit == "legal" and row.get("objection")
            step = on_agreement.raise_objection if objects else on_agreement.agree
            asked = self.cast.holding(Role.LEGAL) if agreement.role else self.cast.deciding(agreement.answering_unit)
            by = self.cast.who_may(step, agreement, [*asked, *self.cast.deciding(None)])
            step(agreement, by=by, **({"reason": row["objection"]} if objects else {}))

    def send(self) -> None:
        on_version.send_to_approval(self.fresh(), by=self.author())

    def give_up(self, row: dict[str, Any]) -> None:
        on_version.cancel(self.fresh(), by=self.author(), reason=row["reason"])

    # -- approval ------------------------------------------------------------------------------------------
    def say(self, row: dict[str, Any], place: int) -> None:
        """The word of the authority at this place of the route: an order, or a body's decision of before the meetings."""
        said = row.get("words") or []
        word = said[place] if place < len(said) else None
        if word in self.meetings:
            return
        version, today = self.fresh(), timezone.localdate()
        number = word or f"{1 + crc32(self.key.encode()) % 12}"
        if version.waits_for_order:
            holders = self.cast.holding(version.waits_for.removeprefix("role:"))
            by = self.cast.who_may(on_version.approve, version, holders)
            on_version.approve(version, by=by, order_number=number, order_date=today)
            return
        speaker = speaking_for(self.cast.today("council"), version.waits_for)
        name = registry.body_name(version.waits_for)
        on_version.approve(version, by=speaker, basis=f"{name}: № {number} хаттама, {today:%d.%m.%Y}")

    def publish(self) -> None:
        document = self.document_now()
        by = self.cast.who_may(on_document.publish, document, ["pr", *self.cast.quality_officers(self.key)])
        on_document.publish(document, by=by)

    # -- reading ---------------------------------------------------------------------------------------------
    def read_by_some(self) -> None:
        """A few confirm through the portal's own step, each with a line of history."""
        for name in ("head", "dean", "zorazbayeva"):
            person = self.cast.today(name)
            row = Acquaintance.objects.filter(version=self.version, person=person, state=Acquaintance.WAITING).first()
            if row is not None:
                on_acquaintance.confirm(row, by=person)

    def read_by_most(self) -> None:
        """The others in bulk: some five thousand rows of an old time need no line of history each.

        So the door for imports: the moments are spread over the working days after the person was asked. Of the newest
        documents some people, and of each a few forgetful ones, have not confirmed: their rows wait, or are void later.
        """
        asked = Acquaintance.objects.filter(version=self.version, state=Acquaintance.WAITING)
        groups: dict[int, list[int]] = {}
        for pk, person in asked.values_list("pk", "person__username"):
            if not self.forgets(person):
                groups.setdefault(crc32(f"{person}{self.key}".encode()) % 60, []).append(pk)
        opened = asked.values_list("created_at", flat=True).first() or timezone.now()
        now = timezone.now()
        with door("import"):
            for group, pks in groups.items():
                when = opened + (group % 12 + 1) * DAY + datetime.timedelta(minutes=group * 7 - 180)
                asked.filter(pk__in=pks).update(
                    state=Acquaintance.CONFIRMED, confirmed_at=min(when, now), changed_at=min(when, now), revision=2
                )

    def forgets(self, name: str) -> bool:
        """Some have not read the newest documents, a few forgot lately, or before the next version asked everybody anew."""
        turn, ago = crc32(f"{name}-{self.key}".encode()), (self.stage.today - timezone.localdate()).days
        if ago < UNREAD_SINCE:
            return turn % 7 == 0 or name in ("staff2", "nshalabayev")
        followed = any(row["ago"] < ago and not row.get("minor") for row in self.data["versions"])
        return (ago < FORGOTTEN_SINCE or followed) and turn % 60 == 0

    # -- life of the document -----------------------------------------------------------------------------------
    def plan_reviewed(self, row: dict[str, Any]) -> None:
        def happen() -> None:
            document = self.document_now()
            step = on_document.confirm_review
            by = self.cast.who_may(step, document, [*self.cast.deciding(self.unit), *self.cast.quality_officers("")])
            step(document, by=by, note=row["note"])

        self.at(row["ago"], happen)

    def plan_copies(self, row: dict[str, Any]) -> None:
        """A numbered copy is handed out; some come back or are lost."""
        made: list[PaperCopy] = []

        def hand_out() -> None:
            copy = PaperCopy(
                version=self.document_now().current, holder=self.cast.people[row["holder"]], where=row["where"]
            )
            copy.add(by=self.author())
            made.append(copy)

        self.at(row["ago"], hand_out)
        if "back" in row:
            self.at(row["back"], lambda: on_upkeep.give_back(made[0], by=self.author(), on=timezone.localdate()))
        if "lost" in row:
            holder = row["holder"]
            self.at(
                row["lost"],
                lambda: on_upkeep.report_lost(made[0], by=self.cast.today(holder), reason=row["reason"]),
            )

    def plan_proposals(self, row: dict[str, Any]) -> None:
        made: list[ChangeProposal] = []

        def file() -> None:
            by = self.cast.today(row["by"])
            proposal = ChangeProposal(
                document=self.document_now(),
                unit=self.stage.units[row["unit"]],
                section=row["section"],
                text=row["text"],
                reason=row["reason"],
                proposer=by,
            )
            proposal.add(by=by)
            made.append(proposal)

        self.at(row["ago"], file)
        for word, step, field in (("accepted", on_upkeep.accept, "note"), ("refused", on_upkeep.refuse, "reason")):
            if word in row:
                self.at(row[word], lambda s=step, f=field: self.answer_proposal(made[0], s, {f: row["note"]}))

    def answer_proposal(self, proposal: ChangeProposal, step: Any, words: dict[str, str]) -> None:
        names = [*self.cast.deciding(self.unit), *self.cast.quality_officers(self.key)]
        step(proposal, by=self.cast.who_may(step, proposal, names), **words)

    def annulled(self, row: dict[str, Any]) -> None:
        today = timezone.localdate()
        basis = f"{row['basis']}, {today:%d.%m.%Y}"
        self.by_office(on_document.annul, basis=basis, on=today, reason=row["reason"])

    def archived(self, row: dict[str, Any]) -> None:
        self.by_office(on_document.archive, index=row["index"], years=row["years"])

    def destroyed(self, row: dict[str, Any]) -> None:
        self.by_office(on_document.destroy_original, on=timezone.localdate(), act=row["act"])

    def cancelled(self, row: dict[str, Any]) -> None:
        on_document.cancel(self.document_now(), by=self.author(), reason=row["reason"])

    def by_office(self, step: Any, **inputs: Any) -> None:
        document = self.document_now()
        step(document, by=self.cast.who_may(step, document, self.cast.quality_officers(self.key)), **inputs)

    # -- small questions --------------------------------------------------------------------------------------------
    def label(self, place: int) -> str:
        """The number that the version at this place will get."""
        major = minor = 0
        for row in self.data["versions"][: place + 1]:
            major, minor = (major, minor + 1) if row.get("minor") else (major + 1, 0)
        return f"{major}.{minor}"

    def author(self) -> Any:
        name = self.data.get("author") or self.cast.drafters(self.unit, [])[0]
        return self.cast.today(name)

    def fresh(self) -> Version:
        self.version = Version.objects.select_related("document__kind", "document__unit").get(pk=self.version.pk)
        return self.version

    def document_now(self) -> Document:
        return Document.objects.select_related("kind", "unit", "current").get(pk=self.document.pk)

    def problem(self) -> str:
        row = self.data["versions"][-1]
        expected = row.get("ends") or row.get("reaches", Version.IN_FORCE)
        if "annulled" in self.data:
            expected = Version.ANNULLED
        state = self.fresh().state
        return "" if state == expected else f"{self.key}: {state} instead of {expected}"
