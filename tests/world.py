"""A small university that tests live in: a school with two departments, another school, and people with offices."""

from __future__ import annotations

import datetime
from typing import Any

from django.utils import timezone

from capa.models import CapaAction, CapaPlan, Finding
from capa.workflow import action as action_steps
from capa.workflow import plan as plan_steps
from qa_portal.people.models import Office, Person, Unit
from qa_portal.people.roles import Role
from standards.models import Edition, Requirement, Standard


class World:
    """Makes people, units and records; `w.head`, `w.staff` and so on are fresh objects at each call."""

    def __init__(self) -> None:
        self.university = self.unit("university", None, Unit.Kind.UNIVERSITY)
        self.school = self.unit("medicine", self.university, Unit.Kind.SCHOOL)
        self.department = self.unit("therapy", self.school, Unit.Kind.DEPARTMENT)
        self.other = self.unit("surgery", self.school, Unit.Kind.DEPARTMENT)
        self.far_school = self.unit("law", self.university, Unit.Kind.SCHOOL)
        self.asb_unit = self.unit("asb", self.university, Unit.Kind.OFFICE)
        for username, role, unit, home in (
            ("board", Role.BOARD, self.university, self.university),
            ("asb", Role.ASB_OFFICER, self.university, self.asb_unit),
            ("asb2", Role.ASB_OFFICER, self.university, self.asb_unit),
            ("quality", Role.QUALITY_REPRESENTATIVE, self.university, self.university),
            ("council", Role.COUNCIL_SECRETARY, self.university, self.university),
            ("dean", Role.UNIT_HEAD, self.school, self.school),
            ("head", Role.UNIT_HEAD, self.department, self.department),
            ("head2", Role.UNIT_HEAD, self.other, self.other),
            ("coordinator", Role.QUALITY_COORDINATOR, self.department, self.department),
            ("auditor", Role.AUDITOR, self.university, self.far_school),
            ("expert", Role.EXTERNAL_EXPERT, self.university, None),
            ("hr", Role.HR, self.university, self.asb_unit),
            ("admin", Role.ADMINISTRATOR, self.university, None),
        ):
            self.person(username, home, role, unit)
        self.person("staff", self.department)
        self.person("staff2", self.department)
        self.person("stranger", self.far_school)
        Person.objects.filter(username="admin").update(is_staff=True, is_superuser=True)
        edition = Edition.objects.create(number=1, in_force_from=datetime.date(2024, 1, 1), digest="test")
        standard = Standard.objects.create(
            edition=edition,
            code="S1",
            number=1,
            name_kk="Сапа саясаты",
            name_ru="Политика",
            name_en="Policy",
            source="N0",
        )
        self.requirement = Requirement.objects.create(
            standard=standard,
            code="S1.R1",
            place=1,
            text_kk="Сапа саясаты бекітілген",
            text_ru="Политика утверждена",
            text_en="A policy",
        )

    def unit(self, code: str, parent: Unit | None, kind: str) -> Unit:
        unit = Unit(code=code, kind=kind, parent=parent)
        unit.name_kk, unit.name_ru, unit.name_en = f"{code} бөлімі", f"отдел {code}", f"unit {code}"
        unit.save()
        return unit

    def person(self, username: str, home: Unit | None, role: str = "", unit: Unit | None = None) -> Person:
        person = Person(username=username, email=f"{username}@example.org", unit=home)
        person.last_name_kk = person.last_name_ru = person.last_name_en = username.title()
        person.first_name_kk = person.first_name_ru = person.first_name_en = "Әсел"
        person.set_password("demo")
        person.save()
        if role and unit:
            Office.objects.create(person=person, role=role, unit=unit, since=datetime.date(2020, 1, 1))
        return person

    def __getattr__(self, username: str) -> Person:
        if username.startswith("_"):
            raise AttributeError(username)
        return Person.objects.select_related("unit").get(username=username)

    # -- records ----------------------------------------------------------------------
    def finding(self, reporter: str = "staff", **fields: Any) -> Finding:
        values = {
            "title": "Силлабус кеш жүктелді",
            "description": "Күзгі семестрде үш силлабус сабақ басталған соң жүктелді.",
            "unit": self.department,
            "severity": "major",
            "requirement": self.requirement,
            **fields,
        }
        who = getattr(self, reporter)
        return Finding(reporter=who, **values).add(by=who)

    def plan(
        self,
        finding: Finding | None = None,
        by: str = "coordinator",
        items: int = 1,
        owner: str = "staff",
        **fields: Any,
    ) -> CapaPlan:
        finding = finding or self.finding()
        who = getattr(self, by)
        plan = CapaPlan(finding=finding, unit=finding.unit, cause="Кестеде жауапты адам жоқ.").add(by=who)
        for _number in range(items):
            self.action(plan, by=by, owner=owner, **fields)
        return plan

    def action(self, plan: CapaPlan, by: str = "coordinator", owner: str = "staff", **fields: Any) -> CapaAction:
        values = {
            "text": "Силлабусты мерзімінде жүктеу тәртібін енгізу",
            "owner": getattr(self, owner),
            "due": timezone.localdate() + datetime.timedelta(days=20),
            "expected_proof": "Хаттама",
            **fields,
        }
        return CapaAction(plan=plan, unit=plan.unit, **values).add(by=getattr(self, by))

    def submitted(self, **options: Any) -> CapaPlan:
        plan = self.plan(**options)
        plan_steps.submit(plan, by=getattr(self, options.get("by", "coordinator")))
        return plan

    def in_progress(self, **options: Any) -> CapaPlan:
        plan = self.submitted(**options)
        plan_steps.approve(plan, by=self.head)
        return plan

    def implemented(self, **options: Any) -> CapaPlan:
        plan = self.in_progress(**options)
        for action in plan.actions.all():
            action_steps.carry_out(action, by=action.owner, note="Тәртіп енгізілді", link="https://example.org/hattama")
        plan.refresh_from_db()
        return plan

    def verified(self, checker: str = "auditor", **options: Any) -> CapaPlan:
        plan = self.implemented(**options)
        plan_steps.verify(plan, by=self.asb, check_on=timezone.localdate(), checker=getattr(self, checker))
        return plan

    def closed(self, **options: Any) -> CapaPlan:
        plan = self.verified(**options)
        plan_steps.check_effect(plan, by=self.auditor, effective="true", note="Барлық силлабус мерзімінде")
        return plan
