"""Students of the demo university: some three hundred, made of lists of names; a year later they are a year further."""

from __future__ import annotations

import random
from typing import Any

from django.db.models import F

from qa_portal.programmes.models import Programme, Student

from .stories import Stage
from .told import Told
from .university import read

#: days before the loading on which the list of students was entered, and on which the newest began
ENTERED, NEW_YEAR = 700, 82


class Learners(Told):
    """The list of students as human resources bring it: entered once, and anew each autumn."""

    def __init__(self, stage: Stage):
        super().__init__("learners", stage)
        self.data = read("learners")
        self.at(ENTERED, lambda: self.enter(newest=False))
        self.at(NEW_YEAR, self.new_year)

    def enter(self, *, newest: bool) -> None:
        """Those who begin in the newest year, or all others, who are a year behind by then."""
        rows = [row for row in self.rows() if (row.year == 1) is newest]
        for row in rows:
            row.year -= 0 if newest else 1
        Student.objects.bulk_create(rows)

    def new_year(self) -> None:
        Student.objects.filter(active=True).update(year=F("year") + 1)
        self.enter(newest=True)

    def rows(self) -> list[Student]:
        """As they stand today, the same at every loading."""
        data, chosen = self.data, random.Random("learners")  # noqa: S311 - invented people
        programmes = {programme.code: programme for programme in Programme.objects.all()}
        accounts = {group: self.cast.people[name] for name, group in data["accounts"].items()}
        found = []
        for group, number in data["groups"].items():
            stem, begun, part = group.split("-")
            for place in range(1, number + 1):
                code = f"{begun}{stem}{part}{place:02d}"
                person = accounts.get(group) if place == 1 else None
                found.append(
                    Student(
                        number=code,
                        name=person.get_full_name() if person else self.name(chosen),
                        email=f"{code.lower()}@example.org" if person is None else person.email,
                        person=person,
                        programme=programmes[data["programmes"][stem]],
                        group=group,
                        year=data["begins"] - 2000 - int(begun) + 1,
                        language="kk" if chosen.random() < 0.7 else "ru",
                    )
                )
        return found

    def name(self, chosen: Any) -> str:
        woman = chosen.random() < 0.6
        last = chosen.choice(self.data["last"])
        return f"{last}{'а' if woman else ''} {chosen.choice(self.data['women' if woman else 'men'])}"
