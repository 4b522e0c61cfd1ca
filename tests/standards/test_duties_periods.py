"""The arithmetic of periods: every rule fires exactly once a period, whatever the calendar and the clock do."""

from __future__ import annotations

import calendar
import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from qa_portal.dates.days import add_months
from qa_portal.web.registry import registry
from standards import duty_words, occurrences
from standards.fulfilment import unknown_steps
from standards.models import ReportKind
from standards.occurrences import AFTER, TermDays, after, after_event, answered, by_calendar, of_year, unknown_start
from standards.registers import duties as register
from standards.registers.reading import read

D = datetime.date
DAY = datetime.timedelta(days=1)
RULES = {rule.code: rule for rule in register.rules()}
BY_CALENDAR = [rule for rule in RULES.values() if rule.timing in ("yearly", "quarterly", "term")]
FROM_LAST = [rule for rule in RULES.values() if rule.timing == "from_last"]
START, YEARS = D(2026, 11, 20), 10
TERMS = [
    TermDays(f"{year}/{year + 1}-{number}", since, until)
    for year in range(2020, 2042)
    for number, since, until in (
        (1, D(year, 9, 1), D(year, 12, 28)),
        (2, D(year + 1, 1, 20), D(year + 1, 5, 31)),
    )
]


def row(**fields: Any) -> Any:
    return SimpleNamespace(**fields)


def nights() -> list[datetime.date]:
    """Ten years of nights on which the job ran, with a stop of seven weeks each winter and of a whole spring."""
    found, day, end = [], START, D(START.year + YEARS, 12, 31)
    while day <= end:
        stopped = (day.month, day.day) >= (12, 10) or (day.month == 1) or (day.year == 2030 and 2 <= day.month <= 6)
        if not stopped:
            found.append(day)
        day += 9 * DAY
    return found


NIGHTS = nights()


def run_by_calendar(rule: Any) -> dict[str, Any]:
    """What the job makes night by night, as it does: everything after the last one that is there."""
    made: dict[str, Any] = {}
    for night in NIGHTS:
        since = max((one.due_on for one in made.values()), default=START - DAY) + DAY
        for one in by_calendar(rule, since, occurrences.horizon(night), TERMS):
            assert one.period not in made, f"{rule.code}: {one.period} twice"
            made[one.period] = one
    return made


@pytest.mark.parametrize("rule", BY_CALENDAR, ids=lambda rule: rule.code)
def test_every_rule_of_the_calendar_fires_once_a_period_over_ten_years(rule):
    made = run_by_calendar(rule)
    last = NIGHTS[-1]
    due = sorted(one.due_on for one in made.values() if one.due_on <= last)
    expected = {
        "yearly": [day for day in (of_year(rule, year).due_on for year in range(2026, 2037)) if START <= day <= last]
        if rule.timing == "yearly"
        else [],
        "quarterly": [
            D(year, month, calendar.monthrange(year, month)[1])
            for year in range(2026, 2037)
            for month in (3, 6, 9, 12)
            if START <= D(year, month, calendar.monthrange(year, month)[1]) <= last
        ],
        "term": [day for day in (occurrences.of_term(rule, term).due_on for term in TERMS) if START <= day <= last]
        if rule.timing == "term"
        else [],
    }[rule.timing]
    assert due == sorted(expected)
    assert len(due) >= 10
    assert all(one.opens_on <= one.due_on for one in made.values())


@pytest.mark.parametrize("rule", FROM_LAST, ids=lambda rule: rule.code)
@pytest.mark.parametrize("last", [D(2024, 2, 29), D(2023, 8, 31), D(2025, 12, 31)], ids=str)
def test_what_is_counted_from_the_last_time_moves_with_it_and_never_doubles(rule, last):
    """Done early, on the day, late, each in turn, found by a job that stands still at times."""
    made, base, shift = [after(rule, last)], last, (-40, 0, 75)
    for night in NIGHTS:
        open_one = made[-1]
        done = open_one.due_on + shift[len(made) % 3] * DAY
        if done <= night:
            base = done
            made.append(after(rule, base))
    assert len({one.period for one in made}) == len(made)
    assert made[-1].period == f"{AFTER}{base}"
    for earlier, later in zip(made, made[1:], strict=False):
        assert later.due_on == add_months(D.fromisoformat(later.period.removeprefix(AFTER)), rule.months)
        assert later.due_on > earlier.due_on


def test_last_of_february_and_ends_of_months_stay_what_they_are():
    table = RULES["round-table"]
    assert [of_year(table, year).due_on for year in (2027, 2028, 2100)] == [
        D(2027, 2, 28),
        D(2028, 2, 29),
        D(2100, 2, 28),
    ]
    review = RULES["policy-council-review"]
    assert after(review, D(2024, 2, 29)).due_on == D(2027, 2, 28)
    assert after(RULES["programme-revision"], D(2023, 8, 31)).due_on == D(2028, 8, 31)


def test_window_over_new_year_bears_both_years():
    plan = of_year(RULES["unit-plan"], 2027)
    assert (plan.period, plan.opens_on, plan.due_on) == ("2026/2027", D(2026, 12, 1), D(2027, 1, 31))


def test_window_of_revision_opens_in_the_third_year_and_ends_with_the_fifth():
    one = after(RULES["programme-revision"], D(2024, 3, 10))
    assert (one.opens_on, one.due_on) == (D(2027, 3, 10), D(2029, 3, 10))


def test_unknown_start_is_due_by_the_end_of_the_year():
    assert unknown_start(D(2026, 11, 20)) == occurrences.Occurrence("first", D(2026, 11, 20), D(2026, 12, 31))


def test_event_counts_working_days_where_the_rule_says_so():
    rule = RULES["acquaintance"]
    one = after_event(rule, D(2026, 3, 2), lambda day, count: day + 2 * count * DAY)
    assert one == occurrences.Occurrence("2026-03-02", D(2026, 3, 2), D(2026, 3, 22))
    assert after_event(RULES["document-proposal"], D(2026, 3, 2), lambda day, count: day).due_on == D(2026, 4, 1)
    assert after_event(rule, D(2026, 3, 2), lambda day, count: day, D(2026, 2, 1)).due_on == D(2026, 3, 2)


def test_a_fulfilment_answers_the_oldest_open_window_and_never_one_that_is_still_closed():
    rule = RULES["policy-report"]
    overdue = row(opens_on=D(2026, 1, 1), due_on=D(2026, 12, 31), base=None)
    running = row(opens_on=D(2027, 1, 1), due_on=D(2027, 12, 31), base=None)
    assert answered(rule, [running, overdue], D(2027, 3, 1)) == [overdue]
    assert answered(rule, [running], D(2027, 3, 1)) == [running]
    assert answered(rule, [running], D(2026, 12, 31)) == []


def test_too_early_counts_as_the_last_time_where_the_rule_counts_from_it():
    rule = RULES["document-review"]
    coming = row(opens_on=D(2029, 1, 1), due_on=D(2029, 3, 1), base=D(2026, 3, 1))
    assert answered(rule, [coming], D(2027, 1, 1)) == [coming]
    assert answered(rule, [coming], D(2026, 3, 1)) == []


def test_every_event_until_that_day_is_answered_at_once():
    rule = RULES["policy-change-review"]
    rows = [row(opens_on=D(2026, month, 1), due_on=D(2026, month, 28), base=None) for month in (1, 2, 5)]
    assert answered(rule, rows, D(2026, 3, 1)) == rows[:2]


# -- the file ------------------------------------------------------------------------------------------
def test_every_rule_has_a_clause_words_in_three_languages_and_something_that_fulfils_it():
    for rule in RULES.values():
        assert rule.basis.startswith(("N0", "N1", "N2", "N3", "N4")), rule.code
        assert all(getattr(rule, f"{name}_{code}") for name in ("name", "doer", "paper") for code in ("kk", "ru", "en"))
        assert rule.group in duty_words.GROUPS, rule.code


def test_the_table_of_periods_and_the_calendar_are_all_there():
    """domain.md §2 and §8, row by row; two rules on one thing are two."""
    asked = """policy-council-review policy-head-check policy-report programme-revision graduates-report
    student-centred-report learners-satisfaction admission-satisfaction admission-complaints programme-monitoring
    programme-accreditation post-accreditation external-procedures accreditation-register cpd-plan cpd-individual-plans
    cpd-participation cpd-programmes-review teachhub-plan teacher-attestation attestation-before-term document-review
    document-conformity document-proposal acquaintance newcomer-policy manual-check management-review unit-plan
    unit-objectives competence-attestation survey-bachelor survey-master survey-teachers survey-doctoral
    survey-report-students survey-report-teachers survey-report-doctoral course-evaluation course-forms survey-employers
    students-requirements survey-graduation survey-graduates-later syllabi-committee syllabi-lms committee-election
    discussion-attestation discussion-employment discussion-updating discussion-surveys round-table programme-audit
    elective-catalogue course-packs check-curriculum check-materials check-methods check-teaching stakeholder-surveys
    practice-conference department-analysis development-plan partner-reviews updating-decision section-expertise
    programmes-approval outcomes-coefficient changes-information register-entry changes-rationale changes-notice
    employment-on-site rating-on-site corrective-plan policy-change-review""".split()
    assert not [code for code in asked if code not in RULES]


def test_every_named_step_is_one_of_the_portal():
    assert {
        rule.code: unknown_steps(rule) for rule in RULES.values() if unknown_steps(rule) and not rule.waits_for
    } == {}


def test_every_event_kind_of_report_and_waiting_room_is_known():
    kinds = {kind["code"] for kind in read("report_kinds.yaml")["kinds"]}
    for rule in RULES.values():
        assert not rule.event or (rule.event in registry.events and rule.event in duty_words.EVENTS), rule.code
        assert not rule.report_kind or rule.report_kind in kinds, rule.code
        assert not rule.waits_for or rule.waits_for in duty_words.ROOMS, rule.code
    assert kinds == {rule.report_kind for rule in RULES.values() if rule.report_kind}
    assert ReportKind._meta.get_field("code").max_length >= max(map(len, kinds))
