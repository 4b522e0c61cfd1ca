"""Bodies and seats: remits that do not overlap, rules from the kind, who has no vote, terms, what rooms below ask."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from rest_framework.test import APIClient

from qa_portal.bodies.loading import load
from qa_portal.bodies.models import Assignment, Base, Body, BodyKind, Matter, Passing, Quorum, RemoteBase, Seat
from qa_portal.bodies.tasks import end_terms
from qa_portal.bodies.wording import passing_words, quorum_words, remote_words
from qa_portal.bodies.workflow import bodies as steps
from qa_portal.bodies.workflow.assignment import cancel
from qa_portal.bodies.workflow.items import close_vote
from qa_portal.bodies.workflow.meetings import sign
from qa_portal.documents.models import Document, DocumentKind
from qa_portal.notices.models import Notice
from qa_portal.people.models import Office
from qa_portal.people.roles import Role
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.registry import panels_of, registry
from qa_portal.workflow.writing import door

from . import scenes as meetings
from . import scenes_bodies as scenes
from .scenes_bodies import body, committee, day, kind, matter, seat

pytestmark = pytest.mark.django_db


def remit_of(world, code, unit, matters, of="school"):
    return body(world, code, of, unit, matters=matters)


# -- remits ----------------------------------------------------------------------------------------
def test_two_bodies_of_one_school_do_not_share_a_matter(world):
    first = remit_of(world, "school_committee", world.school, ["teaching", "surveys"])
    with pytest.raises(ValidationError) as refused:
        remit_of(world, "faculty_council", world.school, ["staff", "surveys"])
    sentence = " ".join(refused.value.message_dict["matters"])
    assert str(first) in sentence
    assert str(matter("surveys")) in sentence
    assert Body.objects.count() == 1


def test_bodies_of_two_schools_may_have_the_same_matter(world):
    remit_of(world, "school_committee", world.school, ["teaching"])
    remit_of(world, "school_committee", world.far_school, ["teaching"])
    assert Body.objects.count() == 2


def test_a_body_of_a_unit_below_counts_with_its_school(world):
    remit_of(world, "school_committee", world.school, ["teaching"])
    with pytest.raises(ValidationError):
        remit_of(world, "faculty_council", world.department, ["teaching"])


def test_department_meetings_share_matters_with_the_school_and_each_other_but_not_within_one_department(world):
    remit_of(world, "school_committee", world.school, ["teaching"])
    remit_of(world, "department_meeting", world.department, ["teaching"], "department")
    remit_of(world, "department_meeting", world.other, ["teaching"], "department")
    with pytest.raises(ValidationError):
        remit_of(world, "department_group", world.department, ["teaching"], "department")


def test_university_bodies_are_not_compared(world):
    remit_of(world, "board", world.university, ["strategy"], "university")
    remit_of(world, "academic_council", world.university, ["strategy"], "university")
    assert Body.objects.count() == 2


def test_a_dissolved_body_leaves_its_matters_free(world):
    old = remit_of(world, "school_committee", world.school, ["teaching"])
    steps.dissolve(old, by=world.asb, reason="x", on=day(0).isoformat())
    assert remit_of(world, "faculty_council", world.school, ["teaching"]).pk


def test_overlap_typed_on_the_page_keeps_what_was_typed(world, signed_in):
    remit_of(world, "school_committee", world.school, ["teaching"])
    council = kind("faculty_council", "school")
    data = {"kind": council.pk, "unit": world.school.pk, "matters": ["teaching"], "founding_decision": "Бұйрық № 7"}
    answer = signed_in("asb").post("/bodies/bodies/add/", {**data, "remote_base": "seats"})
    assert answer.status_code == 400
    assert "matters" in answer.context["form"].errors
    assert "Бұйрық № 7" in answer.content.decode()


def test_overlap_by_the_api_names_the_field(world):
    remit_of(world, "school_committee", world.school, ["teaching"])
    client = APIClient()
    client.force_authenticate(world.asb)
    sent = {"kind": kind("faculty_council", "school").pk, "unit": world.school.pk, "matters": ["teaching"]}
    answer = client.post("/api/v1/bodies/bodies/", {**sent, "remote_base": "seats"}, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["attr"] == "matters"


def test_overlap_by_an_edit_is_refused(world):
    remit_of(world, "school_committee", world.school, ["teaching"])
    other = remit_of(world, "faculty_council", world.school, ["staff"])
    matter("teaching")
    other.matters = ["staff", "teaching"]
    with pytest.raises(ValidationError):
        other.save_changes(by=world.asb)


# -- entering a body ---------------------------------------------------------------------------------
def test_what_is_left_empty_comes_from_the_kind(world, signed_in):
    council = body(world, "academic_council")
    matter("teaching")
    chosen = kind(
        "school_committee", "school", passing="two_thirds", base="present", quorum="third", rule_clause="N1 §2.2",
        term_years=1, matters=["teaching"], remit_kk="Оқыту", above=council.kind,
    )  # fmt: skip
    data = {"kind": chosen.pk, "unit": world.school.pk, "remote_base": "seats", "aside_counts": "on"}
    assert signed_in("council").post("/bodies/bodies/add/", data).status_code == 302
    made = Body.objects.get(kind=chosen)
    assert (made.passing, made.base, made.quorum, made.rule_clause) == ("two_thirds", "present", "third", "N1 §2.2")
    assert (made.matters, made.remit_kk, made.term_years, made.above) == (["teaching"], "Оқыту", 1, council)
    assert (made.code, made.name_kk) == ("school_committee-medicine", "school_committee органы (medicine бөлімі)")
    assert (made.aside_counts, made.remote_allowed) == (True, False)


def test_the_source_clause_of_the_kind_does_not_stand_beside_an_own_rule(world, signed_in):
    chosen = kind("council", passing="two_thirds", rule_clause="N1 §2.1")
    data = {"kind": chosen.pk, "unit": world.university.pk, "remote_base": "seats", "passing": "majority"}
    assert signed_in("asb").post("/bodies/bodies/add/", data).status_code == 302
    assert (Body.objects.get().passing, Body.objects.get().rule_clause) == ("majority", "")


def test_by_the_api_what_is_not_sent_keeps_its_usual_value(world):
    client = APIClient()
    client.force_authenticate(world.asb)
    sent = {"kind": kind("council").pk, "unit": world.university.pk, "remote_base": "seats"}
    made = client.post("/api/v1/bodies/bodies/", sent, format="json")
    assert made.status_code == 201, made.content
    assert (made.json()["aside_counts"], made.json()["remote_allowed"], made.json()["code"]) == (True, True, "council")
    assert made.json()["name"]["kk"] == "council органы"
    held = client.post("/api/v1/bodies/seats/", {"body": made.json()["id"], "person": world.staff.pk, "duty": "member",
                       "group": "teachers", "since": day(0).isoformat()}, format="json")  # fmt: skip
    assert held.status_code == 201, held.content
    assert held.json()["voting"] is True
    edited = client.patch(f"/api/v1/bodies/bodies/{made.json()['id']}/", {"quorum": "third"}, format="json")
    assert edited.status_code == 200, edited.content
    assert (edited.json()["quorum"], edited.json()["aside_counts"]) == ("third", True)


def test_a_body_of_the_same_kind_and_unit_gets_a_code_of_its_own(world):
    first = body(world, "accreditation_group")
    second = body(world, "accreditation_group")
    assert (first.code, second.code) == ("accreditation_group", "accreditation_group-2")


def document(world, state=Document.IN_FORCE, origin="internal"):
    sort = DocumentKind.objects.filter(code="charter").first() or DocumentKind.objects.create(
        code="charter", name_kk="Ереже"
    )
    with door("import"):
        return Document.objects.create(
            kind=sort, title_kk="Кеңес ережесі", unit=world.university, state=state, origin=origin
        )


def test_charter_is_a_live_internal_document(world):
    for wrong in ({"state": Document.PREPARING}, {"state": Document.ANNULLED}, {"origin": "external"}):
        with pytest.raises(ValidationError) as refused:
            body(world, charter=document(world, **wrong))
        assert "charter" in refused.value.message_dict
    assert body(world, charter=document(world)).charter_id


def test_a_charter_annulled_later_does_not_stop_other_edits(world):
    charter = document(world)
    council = body(world, charter=charter)
    with door("import"):
        Document.objects.filter(pk=charter.pk).update(state=Document.ANNULLED)
    council = Body.objects.get(pk=council.pk)
    council.founding_decision = "Бұйрық"
    assert council.save_changes(by=world.asb)


def test_bodies_do_not_stand_above_themselves(world):
    board = body(world, "board")
    council = body(world, "academic_council", above=board)
    board.above = council
    with pytest.raises(ValidationError):
        board.save_changes(by=world.asb)


def test_a_head_does_not_enter_bodies(world, signed_in):
    assert signed_in("head").get("/bodies/bodies/add/").status_code == 403


# -- the page --------------------------------------------------------------------------------------------
def test_page_warns_when_two_thirds_of_all_cannot_be_reached(world, signed_in):
    council = body(world, passing="two_thirds", base="present")
    seat(world, council, "staff", duty="chair")
    client = signed_in("hr")

    def warned():
        found = client.get(council.get_absolute_url()).context["sections"]
        return next(section for section in found if section["id"] == "rule")["warning"]

    assert not warned()
    seat(world, council, "head", voting=False)
    assert warned()  # 3·1 < 2·2
    seat(world, council, "staff2")
    assert not warned()  # 3·2 = 2·3


def test_page_says_rule_seats_remit_and_who_stands_above(world, signed_in):
    board = body(world, "board")
    council = body(world, passing="two_thirds", base="present", above=board, matters=["teaching"], remit_kk="Оқыту")
    seat(world, council, "staff", duty="secretary", voting=False)
    page = signed_in("stranger").get(council.get_absolute_url())
    text = page.content.decode()
    with translation.override("kk"):
        assert str(passing_words("two_thirds", "present")) in text
    for said in (world.staff.get_full_name(), "teaching мәселесі", str(board), "Оқыту"):
        assert said in text
    assert str(council) in signed_in("staff").get(board.get_absolute_url()).content.decode()


def test_lists_cost_the_same_for_one_and_for_thirty(world, signed_in, django_assert_num_queries):
    client = signed_in("asb")
    council = body(world, "council_of_all")
    seat(world, council, "staff", duty="chair")
    scenes.opened(world)
    addresses = [f"/{place}bodies/{name}/" for place in ("", "api/v1/") for name in ("bodies", "seats", "elections")]
    cost = {}
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            client.get(address)
        cost[address] = len(found)
    for number in range(30):
        more = body(world, f"kind{number}")
        for username in ("staff", "head"):
            seat(world, more, username, duty="chair" if username == "staff" else "member")
        scenes.opened(world, body=more)
    for address, one in cost.items():
        with django_assert_num_queries(one):
            assert client.get(address).status_code == 200


def test_list_shows_chair_and_seats_with_a_vote(world, signed_in):
    council = body(world)
    seat(world, council, "staff", duty="chair")
    seat(world, council, "head", voting=False)
    seat(world, council, "staff2", until=day(-1))
    text = signed_in("stranger").get("/bodies/bodies/").content.decode()
    assert world.staff.get_short_name() in text
    assert "2 · 1" in text
    assert signed_in("stranger").get("/bodies/bodies/?mine=true").context["rows"] == []
    assert len(signed_in("staff").get("/bodies/bodies/?mine=true").context["rows"]) == 1


def test_every_rule_that_can_be_chosen_is_said_in_words():
    said = {str(passing_words(passing, base)) for passing in Passing.values for base in Base.values}
    assert len(said) == len(Passing.values) * len(Base.values)
    assert len({str(quorum_words(quorum)) for quorum in Quorum.values}) == len(Quorum.values)
    assert len({str(remote_words(True, base)) for base in RemoteBase.values}) == len(RemoteBase.values)


# -- dissolving ---------------------------------------------------------------------------------------------
def test_dissolving_ends_the_seats_and_tells_who_sat_there(world):
    council = body(world)
    held = seat(world, council, "staff")
    steps.dissolve(council, by=world.council, reason="Қайта құру", on=day(0).isoformat())
    held.refresh_from_db()
    assert (held.state, held.until) == (Seat.ENDED, day(0))
    assert held.history.get(verb="end").why == "Қайта құру"
    assert Notice.objects.filter(person=world.staff, verb="dissolve").exists()


def test_a_body_with_an_open_election_is_not_dissolved(world):
    election = scenes.opened(world)
    with pytest.raises(NotNow):
        steps.dissolve(election.body, by=world.asb, reason="x", on=day(0).isoformat())


def test_nothing_is_added_to_a_dissolved_body(world):
    council = scenes.dissolved(world)
    with pytest.raises(NotNow):
        seat(world, council)
    with pytest.raises(NotNow):
        scenes.prepared(world, body=council)


# -- seats ------------------------------------------------------------------------------------------------------
def test_quality_manager_has_no_vote_anywhere(world):
    Office.objects.create(person=world.staff, role=Role.QUALITY_MANAGER, unit=world.university, since=day(-9))
    council = body(world)
    with pytest.raises(ValidationError) as refused:
        seat(world, council, "staff")
    assert "voting" in refused.value.message_dict
    assert seat(world, council, "staff", voting=False, group="quality").pk


def test_head_of_the_school_and_advisers_sit_in_its_committee_without_a_vote(world):
    found = committee(world)
    for username, duty in (("dean", "chair"), ("staff", "adviser")):
        with pytest.raises(ValidationError):
            seat(world, found, username, duty=duty)
        assert seat(world, found, username, duty=duty, voting=False).pk
    assert seat(world, body(world), "dean").voting  # in another body with a vote like others


def test_students_have_a_vote_like_others(world):
    world.person("learner", world.school, Role.STUDENT, world.university)
    assert seat(world, committee(world), "learner", group="students").voting


def test_one_chair_a_body_and_one_seat_a_person(world):
    council = body(world)
    seat(world, council, "staff", duty="chair")
    for username, duty in (("head", "chair"), ("staff", "member")):
        with pytest.raises(ValidationError):
            seat(world, council, username, duty=duty)


def test_nobody_gives_themselves_a_seat_or_a_vote(world, signed_in):
    council = body(world)
    with pytest.raises(Refused):
        Seat(body=council, person=world.asb).add(by=world.asb)
    scribe = seat(world, council, "hr", duty="secretary", voting=False)
    assert seat(world, council, "staff").pk
    scribe = Seat.objects.get(pk=scribe.pk)
    scribe.voting = True
    with pytest.raises(Refused):
        scribe.save_changes(by=world.hr)
    data = {"person": world.asb.pk, "duty": "member", "group": "others", "since": day(0).isoformat()}
    assert signed_in("asb").post(f"/bodies/seats/add/?body={council.pk}", data).status_code == 403
    assert (
        signed_in("hr").post(f"/bodies/seats/add/?body={council.pk}", {**data, "person": world.head.pk}).status_code
        == 302
    )


def test_whoever_gets_a_seat_is_told(world, signed_in):
    council = body(world)
    data = {"person": world.staff.pk, "duty": "chair", "group": "teachers", "since": day(0).isoformat(), "voting": "on"}
    assert signed_in("council").post(f"/bodies/seats/add/?body={council.pk}", data).status_code == 302
    notice = Notice.objects.get(person=world.staff)
    assert notice.verb == "add"
    assert str(council) in notice.subject


def test_seat_that_ends_before_it_begins_gets_a_sentence(world, signed_in):
    council = body(world)
    data = {"person": world.staff.pk, "duty": "member", "group": "teachers", "since": day(0).isoformat()}
    answer = signed_in("asb").post(f"/bodies/seats/add/?body={council.pk}", {**data, "until": day(-1).isoformat()})
    assert answer.status_code == 400
    assert "until" in answer.context["form"].errors


def test_the_clock_ends_seats_whose_last_day_has_passed_and_no_others(world):
    council = body(world)
    over, last, open_ended = (
        seat(world, council, username, until=until)
        for username, until in (("staff", day(-1)), ("head", day(0)), ("staff2", None))
    )
    assert end_terms() == 1
    assert end_terms() == 0
    assert [Seat.objects.get(pk=s.pk).state for s in (over, last, open_ended)] == ["ended", "held", "held"]
    entry = over.history.get(verb="end")
    assert entry.by is None
    assert Notice.objects.filter(person=world.staff, verb="end").exists()


# -- asked from below ------------------------------------------------------------------------------------------------
def test_bodies_are_named_by_code_kind_or_office(world):
    council = body(world)
    assert registry.body_name(council.code) == str(council)
    assert registry.body_name(kind("board").code) == str(kind("board"))
    assert registry.body_name("role:rector") == str(Role.RECTOR.label)
    assert registry.body_name("nothing") == "nothing"


def test_the_body_for_a_unit_is_the_nearest_above(world):
    council, near, far = body(world), committee(world), committee(world, world.far_school)
    assert registry.body_for("academic_council", world.department) == council.code
    assert registry.body_for("school_committee", world.department) == near.code
    assert registry.body_for("school_committee", world.far_school) == far.code
    assert registry.body_for("school_committee", world.asb_unit) == ""
    assert registry.body_for("school_committee", None) == ""
    assert registry.body_for("role:rector", world.department) == "role:rector"


def test_chair_deputy_and_secretary_are_told(world):
    council = body(world)
    for username, duty in (("staff", "chair"), ("head", "secretary"), ("staff2", "member")):
        seat(world, council, username, duty=duty)
    assert {p.username for p in registry.body_people(council.code)} == {"staff", "head"}
    assert [p.username for p in registry.body_people("board")] == ["council"]
    assert [p.username for p in registry.body_people("role:hr")] == ["hr"]


def test_panels_of_person_and_unit(world, rf):
    found = committee(world)
    seat(world, found, "staff", duty="secretary")
    request = rf.get("/")
    request.user = world.head
    for row in (world.staff, world.school):
        rows = [r for render in panels_of(type(row)) for r in (render(row, request) or {"rows": []})["rows"]]
        assert [r["url"] for r in rows] == [found.get_absolute_url()]


# -- loading ------------------------------------------------------------------------------------------------------------
def test_loading_makes_kinds_matters_and_university_bodies_once(world):
    first = load()
    assert (len(first.kinds), len(first.matters)) == (24, 27)
    assert Body.objects.filter(kind__of="university").count() == len(first.bodies) == 20
    council = Body.objects.get(code="academic_council")
    assert (council.above.code, council.passing, council.base) == ("board", "two_thirds", "present")
    assert council.name_ru and council.remit_en and "teaching" in council.matters
    assert BodyKind.objects.get(code="programme_section").above.code == "methodological_council"
    again = load()
    assert (again.kinds, again.matters, again.bodies, again.differ) == ([], [], [], [])


def test_loading_leaves_what_the_office_has_changed_and_says_so(world, capsys):
    load()
    BodyKind.objects.filter(code="bbbk").update(quorum="two_thirds")
    Matter.objects.filter(code="staff").update(name_kk="Қызметкерлер")
    call_command("load_bodies")
    said = capsys.readouterr().out
    assert "bbbk" in said
    assert "staff" in said
    assert BodyKind.objects.get(code="bbbk").quorum == "two_thirds"
    assert Matter.objects.get(code="staff").name_kk == "Қызметкерлер"


def test_kinds_of_one_school_in_the_catalogue_share_no_matter(world):
    load()
    for number, found in enumerate(BodyKind.objects.filter(of="school")):
        made = Body(kind=found, unit=world.school, **found.rules(), **found.name_for(world.school)).add(by=world.asb)
        assert made.pk, number


def test_administrators_keep_kinds_in_admin(world, signed_in):
    load()
    found = BodyKind.objects.get(code="bbbk")
    client = signed_in("admin")
    page = client.get(f"/admin/bodies/bodykind/{found.pk}/change/")
    assert page.status_code == 200
    data = {
        name: value
        for name, value in page.context["adminform"].form.initial.items()
        if value is not None and name in page.context["adminform"].form.fields
    }
    answer = client.post(f"/admin/bodies/bodykind/{found.pk}/change/", {**data, "matters": ["teaching", "staff"]})
    assert answer.status_code == 302, page.context["adminform"].form.errors
    found.refresh_from_db()
    assert sorted(found.matters) == ["staff", "teaching"]
    for path in ("bodies/body", "bodies/seat", "bodies/election", "bodies/matter"):
        assert client.get(f"/admin/{path}/").status_code == 200


# -- while something is under way ------------------------------------------------------------------------
def test_the_rule_of_a_body_does_not_change_while_a_vote_is_open(world):
    item = meetings.voting(world)
    council = Body.objects.get(pk=item.body_id)
    council.passing = "majority"
    with pytest.raises(ValidationError) as refused:
        council.save_changes(by=world.asb)
    assert list(refused.value.message_dict) == ["passing"]
    council = Body.objects.get(pk=item.body_id)
    council.founding_decision = "№ 5, 2019"
    council.save_changes(by=world.asb)
    close_vote(item, by=world.dean)
    council.passing = "majority"
    council.save_changes(by=world.asb)


def test_a_body_with_unsigned_minutes_or_an_open_assignment_is_not_dissolved(world):
    meeting = meetings.ended(world)
    council = Body.objects.get(pk=meeting.body_id)
    values = {"by": world.asb, "reason": "Қайта құру", "on": day(0).isoformat()}
    with pytest.raises(NotNow):
        steps.dissolve(council, **values)
    for username in ("dean", "council"):
        sign(meetings.fresh(meeting), by=getattr(world, username))
    decision = meeting.decisions.get()
    task = Assignment(decision=decision, text="Кестені жаңарту", owner=world.staff, due=day(9)).add(by=world.dean)
    with pytest.raises(NotNow):
        steps.dissolve(meetings.fresh(council), **values)
    cancel(task, by=world.dean, reason="Керек емес")
    assert steps.dissolve(meetings.fresh(council), **values).state == Body.DISSOLVED


def test_nothing_is_proposed_to_a_dissolved_body_nor_a_meeting_called(world):
    council = meetings.council(world)
    with door("import"):
        Body.objects.filter(pk=council.pk).update(state="dissolved")
    with pytest.raises(NotNow):
        meetings.proposed(world, council)
    with pytest.raises(NotNow):
        meetings.planned(world, council)
