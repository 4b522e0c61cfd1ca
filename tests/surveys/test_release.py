"""Making a release: cells, bands, what is held back and why, the ledger's figures, versions, courses and teachers."""

from __future__ import annotations

import random

import pytest

from qa_portal.policy.models import PolicyValue
from qa_portal.policy.registry import forget
from qa_portal.workflow.writing import door
from surveys import release as engine
from surveys import response, trends
from surveys.models import Campaign, Release, ReleaseNode, Survey, TextAnswer
from surveys.models.ballots import Ballot

from . import scenes_engine as scenes
from .scenes_engine import content_of, item, node, options, section, shown

pytestmark = pytest.mark.django_db


def content(*items):
    return content_of(section("s1", *(items or (item("q"),))))


def answered(w, values, code="q", strata=None, silent=0, **fields) -> Campaign:
    """Everybody at one place, each with one value; `silent` more were asked."""
    strata = strata or {}
    rows = [(strata, {code: value} if value is not None else {}) for value in values]
    return scenes.opened(rows, [strata] * silent, **fields)


def whole(release, code="q", scope="inside"):
    return node(release, scope=scope).cells.get(code)


# -- cells ----------------------------------------------------------------------------------------------------------
def test_an_exact_cell(world):
    campaign = answered(world, [5] * 30 + [4] * 31 + [3] * 14, silent=340, content=content())
    cell = whole(scenes.made(campaign))
    assert cell == {
        "kind": "likert", "wording": 1, "n": 75, "exact": True, "mean": 4.21, "mean_low": 4.06, "mean_high": 4.37,
        "grade": "good", "top2": 0.8133, "top2_low": 0.7214, "top2_high": 0.88,
        "counts": {"1": 0, "2": 0, "3": 14, "4": 31, "5": 30}, "apart": {"na": 0, "refused": 0},
    }  # fmt: skip


def test_fewer_than_twenty_have_a_rounded_mean_and_a_band(world):
    cell = whole(scenes.made(answered(world, [5, 5, 4, 4, 3, 2, 4], silent=9, content=content())))
    assert cell == {
        "kind": "likert", "wording": 1, "n": 7, "exact": False, "mean": 3.9, "grade": "good", "top2_band": "50–75",
    }  # fmt: skip


def test_fewer_than_k_have_no_cell_and_no_count(world):
    release = scenes.made(answered(world, [5, 4, 3, 2], silent=30, content=content()))
    top = node(release)
    assert (top.hidden, top.cells, top.invited, top.answered) == (True, {}, None, None)
    assert release.facts["response"] == {"invited": 34, "answered": None, "rate": None, "margin": None}


def test_the_public_needs_ten(world):
    release = scenes.made(answered(world, [5, 4, 3, 2, 4, 4, 4, 4, 2], content=content()))
    assert whole(release) is not None
    assert whole(release, scope="public") is None
    assert node(release, scope="public").hidden


def test_one_answer_that_rules_a_small_group_is_a_band_only(world):
    cell = whole(scenes.made(answered(world, [5] * 9 + [4], silent=50, content=content())))
    assert cell == {
        "kind": "likert", "wording": 1, "n": 10, "exact": False, "band_only": True, "grade": "very_good",
    }  # fmt: skip
    assert "mean" in whole(scenes.made(answered(world, [5] * 8 + [4, 4], silent=50, content=content())))


def test_everybody_asked_has_said_the_same(world):
    assert whole(scenes.made(answered(world, [4] * 30, content=content())))["band_only"]
    assert whole(scenes.made(answered(world, [4] * 30, silent=1, content=content())))["exact"]
    assert whole(scenes.made(answered(world, [4] * 29 + [5], content=content())))["exact"]


def test_a_reversed_question_is_turned_round_and_counted_as_answered(world):
    release = scenes.made(answered(world, [1] * 15 + [2] * 10 + [5] * 5, content=content(item("q", reverse=True))))
    cell = whole(release)
    assert (cell["mean"], cell["top2"]) == (round((15 * 5 + 10 * 4 + 5) / 30, 2), round(25 / 30, 4))
    assert cell["counts"] == {"1": 15, "2": 10, "3": 0, "4": 0, "5": 5}


def test_a_bipolar_question_has_an_ideal_middle_and_no_grade(world):
    made = scenes.made(answered(world, [3] * 20 + [1] * 5 + [4] * 5, content=content(item("q", scale="bipolar"))))
    cell = whole(made)
    assert [cell[name] for name in ("ideal", "too_little", "too_much")] == [
        round(20 / 30, 4),
        round(5 / 30, 4),
        round(5 / 30, 4),
    ]
    assert cell["ideal_low"] == cell["ideal_high"] == cell["ideal"]  # all thirty asked have answered
    assert not {"grade", "top2"} & set(cell)
    few = whole(scenes.made(answered(world, [3] * 6 + [1] * 2, content=content(item("q", scale="bipolar")))))
    assert few["ideal_band"] == "75–100"
    assert "ideal" not in few


def test_choices_ratings_and_numbers(world):
    chance = random.Random(3)
    rows = [
        (
            {},
            {
                "one": chance.choice("aab"),
                "many": sorted(chance.sample("abc", 2)),
                "rate": chance.randint(5, 10),
                "sum": n,
            },
        )
        for n in range(40)
    ]
    items = (
        item("one", "single", options=options("a", "b", "c")),
        item("many", "multiple", options=options("a", "b", "c")),
        item("rate", "rating"),
        item("sum", "number"),
    )
    top = node(scenes.made(scenes.opened(rows, [{}] * 40, content=content(*items)))).cells
    ones = [row["one"] for _strata, row in rows]
    assert top["one"]["counts"] == {"a": ones.count("a"), "b": ones.count("b"), "c": 0}
    share, low, high = top["one"]["shares"]["a"]
    assert low < share < high
    assert sum(top["many"]["counts"].values()) == 80
    best = sum(row["rate"] >= 9 for _strata, row in rows)
    assert top["rate"]["top2"] == round(best / 40, 4)
    assert list(top["rate"]["counts"]) == [str(value) for value in range(11)]
    assert [top["sum"][name] for name in ("mean", "low", "median", "high")] == [19.5, 9.8, 20, 29]


def test_a_few_choices_or_numbers_say_only_how_many_answered(world):
    items = (item("one", "single", options=options("a", "b")), item("sum", "number"))
    rows = [({}, {"one": "ab"[n % 2], "sum": 100 + n}) for n in range(8)]
    top = node(scenes.made(scenes.opened(rows, content=content(*items)))).cells
    assert top["one"] == {"kind": "single", "wording": 1, "n": 8, "exact": False}
    assert top["sum"] == {"kind": "number", "wording": 1, "n": 8, "exact": False, "mean": 100.0}


def test_those_apart_are_told_where_they_are_none_or_enough(world):
    few = whole(scenes.made(answered(world, [4, 3] * 15 + ["na"] * 4, content=content())))
    assert few["apart"] == {"refused": 0}
    assert few["n"] == 30
    many = whole(scenes.made(answered(world, [4, 3] * 15 + ["na"] * 5, content=content())))
    assert many["apart"] == {"na": 5, "refused": 0}


def test_a_question_that_hangs_on_an_answer_is_shown_where_that_answer_is_counted(world):
    items = (
        item("q", "single", options=options("yes", "no")),
        item("why", show_if={"code": "q", "op": "in", "values": ["yes"]}),
    )

    def of(yes, no):
        rows = [({}, {"q": "yes", "why": 2 + n % 3}) for n in range(yes)] + [({}, {"q": "no"})] * no
        return node(scenes.made(scenes.opened(rows, content=content(*items)))).cells

    assert of(12, 13)["why"]["n"] == 12
    assert "why" not in of(9, 5)  # the small group's yes would be counted by its size


# -- trees ------------------------------------------------------------------------------------------------------------
def test_remainders_are_held_back_by_question(world):
    w = world
    places = scenes.places(w)
    rows = []
    for at, number in enumerate((3, 9, 30)):
        rows += [(places[at], {"q": 3 + n % 3, "r": 3 + n % 3}) for n in range(number)]
    rows += [(places[0], {"r": 2 + n}) for n in range(3)]
    release = scenes.made(scenes.opened(rows, content=content(item("q"), item("r")), trees=[["school", "department"]]))
    medicine, law = str(w.school.pk), str(w.far_school.pk)
    # Of therapy only three answered q: surgery goes with it, for medicine minus surgery is therapy.
    assert shown(release, "q") == {"": 42, medicine: 12, law: 30}
    assert shown(release, "r") == {
        "": 45, medicine: 15, law: 30, f"{medicine}/{w.department.pk}": 6, f"{medicine}/{w.other.pk}": 9,
    }  # fmt: skip
    # In public nine are too few; so both departments are not shown.
    assert shown(release, "r", "public") == {"": 45, medicine: 15, law: 30}
    department = node(release, "school/department", f"{medicine}/{w.department.pk}")
    assert (department.unit, department.label["en"], department.depth) == (w.department, "unit therapy", 2)
    assert not department.hidden


def test_what_is_not_exact_does_not_follow_from_what_is(world):
    w = world
    places = scenes.places(w)
    rows = [(places[0], {"q": 2 + n % 4}) for n in range(60)] + [(places[1], {"q": 2 + n % 4}) for n in range(15)]
    release = scenes.made(scenes.opened(rows, [places[0]] * 9, content=content(), trees=[["school", "department"]]))
    medicine = str(w.school.pk)
    # 75 − 60 would count the answers of fifteen: the sixty are not counted either, only their mean is said.
    assert whole(release)["exact"]
    assert not node(release, "school/department", f"{medicine}/{w.department.pk}").cells["q"]["exact"]
    assert not node(release, "school/department", f"{medicine}/{w.other.pk}").cells["q"]["exact"]


def test_a_mean_held_back_does_not_follow_from_its_neighbours(world):
    w = world
    places = scenes.places(w)
    rows = [(places[0], {"q": 5}) for _n in range(8)] + [(places[1], {"q": 2 + n % 4}) for n in range(9)]
    release = scenes.made(scenes.opened(rows, [places[0]] * 9, content=content(), trees=[["school", "department"]]))
    cells = [row.cells["q"] for row in release.nodes.filter(scope="inside", depth=2)]
    assert [cell["band_only"] for cell in cells] == [True, True]
    assert "mean" in whole(release)


def test_the_public_is_chosen_among_what_is_seen_inside(world):
    campaign = scenes.opened(
        scenes.crowd(world, 120, codes=("q", "r")),
        content=content(item("q"), item("r")),
        trees=[["school", "department"], ["level", "year"]],
    )
    release = scenes.made(campaign)
    inside = {(row.tree, row.path): row for row in release.nodes.filter(scope="inside")}
    for row in release.nodes.filter(scope="public"):
        mine = inside[row.tree, row.path]
        assert row.hidden or not mine.hidden
        assert row.invited in (None, mine.invited)
        for code, cell in row.cells.items():
            assert cell["n"] == mine.cells[code]["n"] >= 10
            assert mine.cells[code]["exact"] or not cell["exact"]


# -- response ---------------------------------------------------------------------------------------------------------
def test_response_and_representativeness_come_from_the_ledger(world):
    w = world
    medicine, law = {"school": w.school.pk}, {"school": w.far_school.pk}
    rows = [(medicine, {"q": 3}), (medicine, {"q": 4})] * 25 + [(law, {"q": 4})] * 25
    campaign = scenes.opened(rows, [medicine] * 50 + [law] * 290, content=content(), trees=[["school"]])
    release = scenes.made(campaign)
    assert release.facts["response"] == {"invited": 415, "answered": 75, "rate": 0.1807, "margin": 0.1025}
    assert release.indicative
    first, second = release.facts["strata"]
    assert (first["tree"], first["path"], first["invited"], first["answered"]) == ("school", str(w.school.pk), 100, 50)
    assert (first["share_invited"], first["share_answered"], first["apart"]) == (0.241, 0.6667, True)
    assert first["label"]["en"] == "unit medicine"
    assert (second["invited"], second["public"]) == (315, True)
    assert node(release, "school", str(w.school.pk)).answered == 50


@pytest.mark.parametrize(("silent", "indicative"), [(30, False), (31, True)])
def test_below_half_the_release_is_indicative(world, silent, indicative):
    assert scenes.made(answered(world, [3, 4, 5] * 10, silent=silent, content=content())).indicative is indicative


def test_an_open_link_is_always_indicative(world):
    campaign = answered(world, [3, 4, 5] * 10, content=content(), way=Campaign.Way.LINK, population=40)
    release = scenes.made(campaign)
    assert release.indicative
    assert release.facts["response"]["rate"] == 0.75
    assert node(release).invited is None
    unknown = answered(world, [3, 4, 5] * 10, content=content(), way=Campaign.Way.LINK)
    assert scenes.made(unknown).facts["response"]["rate"] is None


def test_counts_of_small_groups_are_not_told(world):
    w = world
    places = scenes.places(w)
    rows = [(places[0], {"q": 3})] * 20 + [(places[2], {"q": 4})] * 30
    campaign = scenes.opened(
        rows, [places[1]] * 3 + [places[0]] * 2, content=content(), trees=[["school", "department"]]
    )
    release = scenes.made(campaign)
    assert node(release).invited == 55
    # Three were asked in surgery: medicine's departments are not counted, medicine is.
    assert node(release, "school/department", f"{w.school.pk}").invited == 25
    assert node(release, "school/department", f"{w.school.pk}/{w.department.pk}").invited is None


def test_after_the_end_of_the_ledger_the_kept_counts_serve(world):
    campaign = scenes.opened(
        scenes.crowd(world, 90),
        [scenes.places(world)[0]] * 40,
        content=content(),
        trees=[["school", "department"], ["level", "year"]],
    )
    before = scenes.made(campaign)
    assert response.end_ledger(campaign.pk)
    campaign.refresh_from_db()
    Release.objects.filter(pk=before.pk)
    ReleaseNode.objects.filter(release=before).delete()
    with door("import"):
        Release.objects.filter(pk=before.pk).update(digest="")
    after = scenes.made(Campaign.objects.get(pk=campaign.pk))
    assert after.facts["response"] == before.facts["response"]
    told = [row for row in before.facts["strata"] if row["tree"] == "school/department"]
    assert [row for row in after.facts["strata"] if row["tree"] == "school/department"] == told
    assert {row["tree"] for row in after.facts["strata"]} == {"school/department"}


# -- reliability, texts, what was asked -----------------------------------------------------------------------------------
def test_reliability_of_a_section(world):
    chance, rows = random.Random(8), []
    for _person in range(60):
        level = chance.randint(2, 4)
        near = {f"q{n}": level + chance.choice((-1, 0, 1)) for n in range(3)}
        rows.append(({}, {**near, "back": 6 - level, "way": 3, "other": chance.choice((1, 5))}))
    items = [item(f"q{n}") for n in range(3)] + [item("back", reverse=True), item("way", scale="bipolar")]
    campaign = scenes.opened(rows, content=content(*items))
    (found,) = scenes.made(campaign).facts["reliability"]
    assert (found["n"], found["warning"], found["public"]) == (60, False, True)
    assert [row["code"] for row in found["items"]] == ["q0", "q1", "q2", "back"]
    assert found["alpha"] > 0.8
    unturned = scenes.opened(rows, content=content(*items[:3], item("back")))
    assert scenes.made(unturned).facts["reliability"][0]["warning"]


def test_few_complete_answers_have_no_reliability(world):
    rows = [({}, {"a": 3, "b": 4, "c": 1 + n % 5}) for n in range(29)]
    campaign = scenes.opened(rows, [{}], content=content(item("a"), item("b"), item("c")))
    assert scenes.made(campaign).facts["reliability"] == []


def test_texts_are_counted_from_ten(world):
    campaign = answered(world, [3, 4, 5] * 10, content=content(item("q", remark=True), item("words", "text")))
    survey = campaign.surveys.get()
    for code, number, review in (
        ("words", 9, "shown"),
        ("words", 5, "withheld"),
        ("q#", 8, "shown"),
        ("q#", 2, "masked"),
    ):
        TextAnswer.objects.bulk_create(
            TextAnswer(survey=survey, question=code, text="…", review=review) for _n in range(number)
        )
    assert scenes.made(campaign).facts["texts"] == {"q#": 10, "words": None}


def test_facts_say_what_was_asked_and_by_which_numbers(world):
    release = scenes.made(answered(world, [3, 4, 5] * 10, content=content()))
    assert release.facts["numbers"] == {
        "k_inside": 5, "k_public": 10, "k_texts": 10, "public_response": 50, "small_group": 20, "dominance": 90,
    }  # fmt: skip
    (first,) = release.facts["sections"]
    assert [row["code"] for row in first["items"]] == ["q"]
    assert release.rules_version == "1"


# -- the record -------------------------------------------------------------------------------------------------------
def test_made_twice_it_is_the_same(world):
    campaign = answered(world, [3, 4, 5] * 10, content=content())
    release = scenes.made(campaign)
    before = release.digest, release.nodes.count()
    engine.make(Release.objects.get(pk=release.pk))
    release.refresh_from_db()
    assert (release.digest, release.nodes.count()) == before
    assert engine.digest_of(release) == release.digest


def test_a_changed_figure_no_longer_agrees_with_the_digest(world):
    release = scenes.made(answered(world, [3, 4, 5] * 10, content=content()))
    top = node(release)
    cells = {"q": {**top.cells["q"], "mean": 4.9}}
    ReleaseNode.objects.filter(pk=top.pk).update(cells=cells)
    assert engine.digest_of(release) != release.digest


def test_the_same_ballots_give_the_same_release_in_any_order(world):
    rows = scenes.crowd(world, 60)
    fields = {"content": content(), "trees": [["school", "department"], ["level", "year"]]}
    one = scenes.made(scenes.opened(rows, **fields))
    two = scenes.made(scenes.opened(rows[::-1], **fields))
    assert [(row.scope, row.tree, row.path, row.cells) for row in one.nodes.order_by("scope", "tree", "place")] == [
        (row.scope, row.tree, row.path, row.cells) for row in two.nodes.order_by("scope", "tree", "place")
    ]


def test_no_answers_at_all(world):
    release = scenes.made(scenes.opened([], [{}] * 20, content=content()))
    assert node(release).hidden
    assert release.indicative


def test_ballots_changed_after_the_opening_are_not_counted(world):
    from .scenes_urn import opened_campaign  # noqa: PLC0415 - the real urn, once

    campaign = opened_campaign(world, 24)
    release = scenes.made(campaign)
    assert node(release).cells["q-likert"]["n"] == 24
    ReleaseNode.objects.filter(release=release).delete()
    with door("import"):
        Release.objects.filter(pk=release.pk).update(digest="")
    ballot = Ballot.objects.first()
    Ballot.objects.filter(pk=ballot.pk).update(
        answers={**ballot.answers, "q-likert": 1 + ballot.answers["q-likert"] % 5}
    )
    with pytest.raises(engine.CannotMake):
        scenes.made(campaign)


def test_a_rector_may_raise_k(world):
    PolicyValue.objects.create(key="surveys.k_inside", value=8, valid_from="2020-01-01", reason="t", author=world.admin)
    forget()
    assert node(scenes.made(answered(world, [3, 4, 5, 3, 4, 5, 2], content=content()))).hidden


# -- versions ---------------------------------------------------------------------------------------------------------
TREES = [["school", "department"], ["level", "year"]]


def figures(release) -> list:
    return [
        (row.scope, row.tree, row.path, row.hidden, row.invited, row.cells)
        for row in release.nodes.order_by("scope", "tree", "place")
    ]


def test_a_second_version_has_the_same_figures(world):
    campaign = scenes.opened(scenes.crowd(world, 80), content=content(), trees=TREES)
    assert figures(scenes.made(campaign)) == figures(scenes.made(campaign))


def test_other_numbers_show_nothing_new_in_a_second_version(world):
    campaign = scenes.opened(scenes.crowd(world, 80), content=content(), trees=TREES)
    PolicyValue.objects.create(
        key="surveys.k_inside", value=12, valid_from="2020-01-01", reason="t", author=world.admin
    )
    forget()
    first = scenes.made(campaign)
    PolicyValue.objects.all().delete()
    forget()
    assert shown(scenes.made(campaign), "q") == shown(first, "q")


@pytest.mark.parametrize("new", [1, 4])
def test_too_few_new_answers_make_no_version(world, new):
    campaign = answered(world, [3, 4, 5] * 10, content=content())
    scenes.made(campaign)
    scenes.cast(campaign.surveys.get(), [({}, {"q": 1})] * new)
    with pytest.raises(engine.CannotMake) as problem:
        scenes.made(campaign)
    assert str(problem.value)


def test_enough_new_answers_make_a_version_that_counts_none_of_them(world):
    campaign = answered(world, [3, 4, 5] * 10, content=content())
    scenes.made(campaign)
    scenes.cast(campaign.surveys.get(), [({}, {"q": 1 + n % 3}) for n in range(12)])
    cell = whole(scenes.made(campaign))
    assert cell["n"] == 42
    assert not cell["exact"]  # 42 less 30 would count the answers of twelve


def test_new_answers_must_be_enough_in_every_group_shown(world):
    w = world
    places = scenes.places(w)
    rows = [(places[at], {"q": 2 + n % 4}) for at in range(3) for n in range(25)]
    campaign = scenes.opened(rows, content=content(), trees=[["school", "department"]])
    scenes.made(campaign)
    scenes.cast(campaign.surveys.get(), [(places[at], {"q": 2 + n % 4}) for at in (0, 2) for n in range(4)])
    with pytest.raises(engine.CannotMake):
        scenes.made(campaign)
    scenes.cast(campaign.surveys.get(), [(places[at], {"q": 2 + n % 4}) for at in (0, 2) for n in range(6)])
    assert whole(scenes.made(campaign))["n"] == 95


def test_lost_answers_make_no_version(world):
    campaign = answered(world, [3, 4, 5] * 10, content=content())
    scenes.made(campaign)
    Ballot.objects.filter(pk__in=list(Ballot.objects.values_list("pk", flat=True)[:6])).delete()
    with pytest.raises(engine.CannotMake):
        scenes.made(campaign)


# -- courses and teachers ---------------------------------------------------------------------------------------------
def test_courses_and_teachers_stand_in_trees_of_their_own(world):
    w = world
    campaign = scenes.course_campaign()
    people = scenes.respondents(60)
    first = scenes.course_survey(w, campaign, 1, people[:12], [w.staff, w.staff2])
    second = scenes.course_survey(w, campaign, 2, people[12:30], [w.staff])
    third = scenes.course_survey(w, campaign, 3, people[30:60], [w.stranger], unit=w.far_school)
    release = scenes.made(campaign)
    unit, far = f"{w.school.pk}/{w.department.pk}", str(w.far_school.pk)
    assert shown(release, "c", tree="course") == {
        "": 60, str(w.school.pk): 30, unit: 30, f"{unit}/c{first.pk}": 12, f"{unit}/c{second.pk}": 18, far: 30,
        f"{far}/c{third.pk}": 30,
    }  # fmt: skip
    assert shown(release, "t", tree="teacher") == {
        "": 72, str(w.school.pk): 42, unit: 42, f"{unit}/c{first.pk}/t{w.staff.pk}": 12,
        f"{unit}/c{first.pk}/t{w.staff2.pk}": 12, f"{unit}/c{second.pk}/t{w.staff.pk}": 18, far: 30,
        f"{far}/c{third.pk}/t{w.stranger.pk}": 30,
    }  # fmt: skip
    own = node(release, "teacher", f"{unit}/c{first.pk}/t{w.staff.pk}")
    assert (own.teacher, own.survey, own.unit, own.depth) == (w.staff, first, w.department, 3)
    assert own.label["en"] == "Course 1 (en) · staff (en)"
    assert (own.invited, own.answered) == (12, 12)
    assert list(own.cells) == ["t"]
    assert set(node(release).cells) == {"c", "t"}


def test_single_courses_and_teachers_are_never_public(world):
    w = world
    campaign = scenes.course_campaign()
    people = scenes.respondents(60)
    scenes.course_survey(w, campaign, 1, people[:30], [w.staff])
    scenes.course_survey(w, campaign, 2, people[30:], [w.staff2])
    release = scenes.made(campaign)
    public = release.nodes.filter(scope="public")
    assert {row.path for row in public} == {"", str(w.school.pk), f"{w.school.pk}/{w.department.pk}"}
    assert not public.filter(survey__isnull=False).exists()


def test_many_answers_of_few_people_are_not_shown(world):
    w = world
    campaign = scenes.course_campaign()
    few = scenes.respondents(3)
    for number in range(4):
        scenes.course_survey(w, campaign, number, few, [w.staff])
    release = scenes.made(campaign)
    assert shown(release, "c") == shown(release, "t") == {}  # twelve answers, three people


def test_a_pool_of_small_courses_counts_for_its_unit(world):
    w = world
    campaign = scenes.course_campaign(trees=[["school", "department"]])
    people = scenes.respondents(40)
    survey = scenes.course_survey(w, campaign, 1, people[:20], [w.staff])
    pool = Survey.objects.create(campaign=campaign, title=scenes.words("Pool"))
    strata = {"school": w.school.pk, "department": w.department.pk}
    scenes.cast(pool, [(strata, {"c": 2 + n % 4, f"t@{w.staff.pk}": 2 + n % 4}) for n in range(20)])
    release = scenes.made(campaign)
    unit = f"{w.school.pk}/{w.department.pk}"
    found = shown(release, "c")
    assert found[unit] == 40
    assert f"{unit}/c{survey.pk}" in found
    assert f"{unit}/c{pool.pk}" not in found
    assert shown(release, "t")[unit] == 40


def test_a_teacher_whom_few_rated_is_not_shown(world):
    w = world
    campaign = scenes.course_campaign()
    survey = scenes.course_survey(w, campaign, 1, scenes.respondents(12), [w.staff, w.staff2])
    ballots = list(Ballot.objects.filter(survey=survey).order_by("pk"))
    for ballot in ballots[:8]:
        del ballot.answers[f"t@{w.staff2.pk}"]
        ballot.save(update_fields=["answers"])
    release = scenes.made(campaign)
    unit = f"{w.school.pk}/{w.department.pk}"
    assert f"{unit}/c{survey.pk}/t{w.staff2.pk}" not in shown(release, "t")
    assert f"{unit}/c{survey.pk}/t{w.staff.pk}" not in shown(release, "t")  # the whole less it would be the other


# -- trends and comparison ----------------------------------------------------------------------------------------------
def test_a_trend_follows_the_code_and_breaks_with_the_wording(world):
    def year(number, mean, wording):
        campaign = answered(
            world, [mean] * 20 + [mean - 1] * 20, silent=1, content=content(item("q", wording=wording)), year=number
        )
        return scenes.published(campaign)

    first, second = year(2023, 3, 1), year(2024, 4, 1)
    third = year(2025, 5, 2)
    line = third.facts["trend"]["q"]
    assert [(row["year"], row["release"], row["mean"], row["break"], row["public"]) for row in line] == [
        (2023, first.pk, 2.5, False, True),
        (2024, second.pk, 3.5, False, True),
        (2025, third.pk, 4.5, True, True),
    ]
    assert first.facts["trend"] == {}


def test_a_withdrawn_release_is_in_no_trend(world):
    old = scenes.published(answered(world, [3, 4] * 15, content=content(), year=2023))
    with door("import"):
        Release.objects.filter(pk=old.pk).update(state=Release.WITHDRAWN)
    new = scenes.made(answered(world, [3, 4] * 15, content=content(), year=2024))
    assert new.facts["trend"] == {}


def test_a_group_beside_its_school_and_the_university(world):
    campaign = scenes.opened(scenes.crowd(world, 120), content=content(), trees=[["school", "department"]])
    release = scenes.made(campaign)
    chain = trends.beside(node(release, "school/department", f"{world.school.pk}/{world.department.pk}"))
    assert [row.depth for row in chain] == [0, 1, 2]
    means = [row.cells["q"]["mean"] for row in chain]
    assert trends.differences(chain, "q") == [round(means[2] - means[0], 2), round(means[2] - means[1], 2)]


# -- cost ---------------------------------------------------------------------------------------------------------------
def test_queries_do_not_grow_with_answers(world, django_assert_max_num_queries):
    fields = {"content": content(), "trees": TREES}
    scenes.made(scenes.opened(scenes.crowd(world, 30), **fields))
    for people in (30, 200):
        campaign = scenes.opened(scenes.crowd(world, people), **fields)
        release = scenes.begin(campaign, scenes.SYSTEM)
        release = Release.objects.select_related("campaign__questionnaire").get(pk=release.pk)
        with django_assert_max_num_queries(16):
            engine.make(release)
