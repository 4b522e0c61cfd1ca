"""“You said — we did”: from a recommendation to a public line, and everybody who was asked is told once."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from capa import signals
from capa.models import Finding
from capa.workflow import finding as finding_steps
from qa_portal.notices.models import Letter, Notice
from qa_portal.permissions import NotNow, Refused
from qa_portal.web.registry import panels_of, registry
from surveys import letters, loops, response, telling_back
from surveys.models import Campaign, LoopEntry, LoopLetter, Petition, PetitionMessage, Release
from surveys.workflow import loop as steps
from surveys.workflow import releases as release_steps

from . import scenes_loop as scenes
from . import scenes_petitions, scenes_releases

pytestmark = pytest.mark.django_db
PUBLIC = "/public/loop/"


def desk(key, person):
    return list(registry.desk[key].rows(person))


def panel(record, client):
    """What followed, as the page of a record shows it."""
    page = client.get(record.get_absolute_url())
    return next((one for one in page.context["panels"] if one.get("template") == "surveys/loop_followed.html"), None)


def words(record, client):
    found = panel(record, client)
    return [(row["line"].said, row["line"].word, row["line"].number) for row in found["lines"]] if found else None


# -- the whole path ----------------------------------------------------------------------------------------
def test_from_a_recommendation_to_everybody_told_once(world, signed_in):
    release = scenes_releases.published(world)
    scenes.invited(world, release)
    row = release.recommendations.get()
    finding = scenes.raised(world, release)
    assert desk("loop-tell", world.asb) == []
    scenes.effective(world, finding)
    finding.refresh_from_db()
    assert finding.state == Finding.CLOSED
    assert desk("loop-tell", world.asb) == [finding] and desk("loop-tell", world.head) == []
    item = registry.desk["loop-tell"].item(desk("loop-tell", world.asb)[0])

    client = signed_in("asb")
    form = client.get(item["url"]).context["form"]
    assert form.instance.said_kk == row.text and form.instance.did_kk == "Кітапхана 22:00-ге дейін ашық"
    sent = client.post(
        item["url"], {"said_kk": row.text, "did_kk": "Кітапхана 22:00-ге дейін ашық", "did_en": "Open until 22:00"}
    )
    assert sent.status_code == 302
    entry = LoopEntry.objects.get()
    assert (entry.finding_number, entry.release, entry.audience) == (finding.number, release, "students")
    assert entry.get_absolute_url() in registry.desk["loop-tell"].item(desk("loop-tell", world.asb)[0])["url"]

    steps.publish(entry, by=world.asb)
    assert desk("loop-tell", world.asb) == []
    assert LoopLetter.objects.count() == 5
    mail.outbox.clear()
    assert telling_back.send_waiting() == 5
    assert telling_back.send_waiting() == 0
    entry.refresh_from_db()
    assert entry.told == 5 and not LoopLetter.objects.exists()
    assert sorted(address for letter in mail.outbox for address in letter.to) == [
        "s0@students.example.org",
        "s1@students.example.org",
        "s2@students.example.org",
        "staff2@example.org",
        "staff@example.org",
    ]
    page = Client().get(PUBLIC)
    assert page.status_code == 200
    assert row.text in page.content.decode() and finding.number not in page.content.decode()


def test_the_letter_speaks_the_readers_language_and_of_no_answer(world):
    entry = scenes.published(world)
    scenes.invited(world, entry.release)
    telling_back.owe(entry)
    mail.outbox.clear()
    telling_back.send_waiting()
    by_address = {letter.to[0]: letter for letter in mail.outbox}
    russian = by_address["s1@students.example.org"]
    assert "Библиотека закрывается рано" in russian.body
    assert russian.extra_headers["Content-Language"] == "ru"
    # whoever took part gets the same letter as the others
    bodies = {by_address[f"s{n}@students.example.org"].body.replace(f"Студент {n}", "") for n in (0, 2)}
    assert all("/answer/" not in body and "token" not in body for body in bodies)
    assert not Letter.objects.filter(subject=russian.subject).exists()  # no letter is kept
    notice = Notice.objects.get(person=world.staff, verb=letters.TOLD)
    assert notice.url == telling_back.public_address(entry)
    assert Notice.objects.filter(verb=letters.TOLD).count() == 2


def test_with_the_ledger_goes_what_tells_who_was_asked(world):
    entry = scenes.published(world)
    scenes.invited(world, entry.release)
    telling_back.owe(entry)
    telling_back.send(LoopLetter.objects.get(respondent__person=world.staff).pk)
    response.end_ledger(entry.release.campaign_id)
    assert not Notice.objects.filter(verb=letters.TOLD).exists()
    assert telling_back.send_waiting() == 0
    assert not LoopLetter.objects.exists()
    entry.refresh_from_db()
    assert entry.told == 1


def test_after_the_ledger_the_public_page_alone_tells(world):
    finding = scenes.settled(world)
    entry = scenes.begun(world, finding)
    scenes.invited(world, entry.release)
    response.end_ledger(entry.release.campaign_id)
    steps.publish(LoopEntry.objects.get(pk=entry.pk), by=world.asb)
    assert not LoopLetter.objects.exists()
    assert entry.release.campaign_id in Campaign.objects.values_list("pk", flat=True)


def test_a_letter_that_does_not_leave_waits_and_the_others_go(world, monkeypatch):
    entry = scenes.published(world)
    scenes.invited(world, entry.release)
    telling_back.owe(entry)
    post = telling_back._post

    def fails_for_one(row, address, *rest):
        if address == "s0@students.example.org":
            raise OSError("mail server")
        post(row, address, *rest)

    monkeypatch.setattr(telling_back, "_post", fails_for_one)
    assert telling_back.send_waiting() == 4
    assert LoopLetter.objects.get().claimed_at is None
    monkeypatch.setattr(telling_back, "_post", post)
    assert telling_back.send_waiting() == 1
    entry.refresh_from_db()
    assert entry.told == 5


def test_closed_accounts_and_visitors_of_links_are_not_written_to(world):
    entry = scenes.published(world)
    scenes.invited(world, entry.release, addresses=0)
    world.staff.__class__.objects.filter(username="staff").update(is_active=False)
    assert telling_back.owe(entry) == 1


def test_who_wants_the_daily_letter_only_finds_it_there(world):
    world.staff.__class__.objects.filter(username="staff").update(letters_wanted="daily")
    entry = scenes.published(world)
    scenes.invited(world, entry.release, addresses=0, people=("staff",))
    telling_back.owe(entry)
    mail.outbox.clear()
    assert telling_back.send_waiting() == 1
    person = world.staff
    assert bool(mail.outbox) == person.wants_letters
    kind = Notice.objects.get(person=person, verb=letters.TOLD).kind
    assert kind == (Notice.Kind.STEP if person.wants_letters else Notice.Kind.REMINDER)


def test_a_withdrawn_line_is_told_to_nobody_any_more_and_waits_anew(world):
    finding = scenes.settled(world)
    entry = scenes.begun(world, finding)
    scenes.invited(world, entry.release)
    steps.publish(entry, by=world.asb)
    steps.withdraw(entry, by=world.asb, reason="Қате")
    assert not LoopLetter.objects.exists()
    assert entry.pk not in {item["row"].pk for item in Client().get(PUBLIC).context["items"]}
    assert desk("loop-tell", world.asb) == [finding]


# -- steps ---------------------------------------------------------------------------------------------------
def test_public_relations_publish_and_heads_do_not(world):
    entry = scenes.begun(world)
    with pytest.raises(Refused):
        steps.publish(entry, by=world.head)
    pr = scenes.pr(world)
    with pytest.raises(Refused):
        steps.set_aside(entry, by=pr, reason="Артық")
    assert steps.publish(entry, by=pr).published_on == timezone.localdate()


def test_a_line_needs_kazakh_and_a_report_that_is_sent(world):
    entry = scenes.begun(world)
    entry.did_kk = " "
    entry.did = " "
    entry.save_changes(by=world.asb)
    with pytest.raises(NotNow):
        steps.publish(entry, by=world.asb)
    release = scenes_releases.sent(world)
    early = scenes.about_release(world, release)
    release_steps.withdraw(release, by=world.asb, reason="Қате")
    with pytest.raises(NotNow):
        steps.publish(early, by=world.asb)


def test_one_line_a_finding(world):
    finding = scenes.settled(world)
    scenes.begun(world, finding)
    with pytest.raises(NotNow):
        scenes.begun(world, finding)


def test_a_line_is_begun_from_what_one_sees_only(world, signed_in):
    finding = scenes.raised(world)
    client = signed_in("asb")
    assert client.get(f"/surveys/loop-entries/add/?finding={finding.number}").status_code == 404  # not settled
    assert client.get("/surveys/loop-entries/add/?release=999").status_code == 404
    assert client.get("/surveys/loop-entries/add/?petition=x").status_code == 404
    release = Release.objects.get()
    assert client.get(f"/surveys/loop-entries/add/?release={release.pk}").status_code == 200
    assert signed_in("head").get(f"/surveys/loop-entries/add/?release={release.pk}").status_code == 403
    wrong = client.post(f"/surveys/loop-entries/add/?release={release.pk}", {"said_ru": "Тесно"})
    assert wrong.status_code == 400 and "Тесно" in wrong.content.decode()


# -- set aside ---------------------------------------------------------------------------------------------
def test_a_finding_is_set_aside_with_a_reason(world, signed_in):
    finding = scenes.settled(world)
    client = signed_in("asb")
    address = f"/surveys/loop-entries/waiting/{finding.pk}/set-aside/"
    assert client.get("/surveys/loop-entries/waiting/").context["rows"][0]["finding"] == finding
    assert client.post(address, {"reason": ""}).status_code == 400
    assert signed_in("head").post(address, {"reason": "Артық"}).status_code == 403
    assert client.post(address, {"reason": "Қайталау"}).status_code == 302
    entry = LoopEntry.objects.get()
    assert (entry.state, entry.published_on) == (LoopEntry.WITHDRAWN, None)
    assert entry.history.filter(why="Қайталау").exists()
    assert desk("loop-tell", world.asb) == []
    assert client.post(address, {"reason": "Қайталау"}).status_code == 409


def test_cancelled_findings_wait_too_and_duplicates_with_their_original(world):
    first, second = scenes.raised(world), scenes.raised(world)
    finding_steps.link_duplicate(second, by=world.asb, original=first.pk)
    assert desk("loop-tell", world.asb) == []
    finding_steps.cancel(first, by=world.asb, reason="Қате")
    assert {row.pk for row in desk("loop-tell", world.asb)} == {first.pk, second.pk}


def test_findings_that_nobody_said_do_not_wait(world):
    world.closed()
    assert not loops.untold().exists()


# -- petitions -------------------------------------------------------------------------------------------
def test_the_author_by_name_is_told_in_the_thread_and_the_inbox(world, signed_in):
    finding = scenes.of_petition(world)
    petition = Petition.objects.get()
    entry = scenes.published(world, finding)
    assert (entry.origin, entry.told) == ("petition", 1)
    assert PetitionMessage.objects.get(petition=petition, from_author=False).text == entry.did_kk
    notice = Notice.objects.get(person=world.staff2, verb="told_back")
    assert notice.url == petition.get_absolute_url()
    assert signed_in("staff2").get(notice.url).status_code == 200


def test_a_petition_without_a_name_is_answered_in_its_thread_and_never_numbered(world):
    finding = scenes.of_petition(world, by="", anonymous=True)
    petition = Petition.objects.get()
    before = Notice.objects.filter(verb="told_back").count()
    entry = scenes.published(world, finding)
    assert PetitionMessage.objects.filter(petition=petition, from_author=False).exists()
    assert Notice.objects.filter(verb="told_back").count() == before
    page = Client().get(PUBLIC).content.decode()
    assert entry.said in page and petition.number not in page


def test_health_and_ethics_never_become_a_line(world, signed_in):
    for petition in (scenes_petitions.ethics(world), scenes_petitions.adjustment(world)):
        assert signed_in("asb").get(f"/surveys/loop-entries/add/?petition={petition.pk}").status_code == 404
        assert not loops.followed_petition(petition, world.asb)
        with pytest.raises(ValidationError):
            LoopEntry(petition=petition, said_kk="а", did_kk="б").add(by=world.asb)


# -- what followed --------------------------------------------------------------------------------------------
def test_everybody_inside_reads_what_followed_and_few_the_finding(world, signed_in):
    release = scenes_releases.sent(world)
    stranger, office = signed_in("stranger"), signed_in("asb")
    text = release.recommendations.get().text
    waits = words(release, stranger)
    assert [(said, number) for said, _word, number in waits] == [(text, "")]
    finding = scenes.raised(world, release)
    assert words(release, office)[0][2] == finding.number
    assert words(release, stranger)[0][2] == ""
    assert words(release, stranger)[0][1] != waits[0][1]
    scenes.corrected(world, finding)
    done = words(release, stranger)[0][1]
    entry = scenes.published(world, finding)
    assert words(release, stranger)[0][1] == done
    assert panel(release, stranger)["lines"][0]["line"].did == entry.did
    assert panel(release, office)["add_url"] and not panel(release, stranger)["add_url"]
    assert words(release.campaign, office) == words(release, office)


def test_a_signal_set_aside_is_said_to_be_not_taken_up(world):
    release = scenes_releases.sent(world)
    row = release.recommendations.get()
    signals.set_aside(registry.signals[scenes.RECOMMENDED], row, by=world.asb, reason="Бар")
    assert [line.tone for line in loops.followed(release, world.staff).lines] == ["cancelled"]


def test_a_corrected_report_keeps_what_followed(world):
    release = scenes_releases.published(world)
    finding = scenes.raised(world, release)
    release_steps.correct(release, by=world.asb, reason="Қате сөз")
    newer = Release.objects.get(version=2)
    assert [line.number for line in loops.followed(newer, world.asb).lines] == [finding.number]


def test_what_followed_costs_the_same_for_one_and_for_many(world):
    release = scenes_releases.recommended(world)
    for number in range(6):
        release_steps.add_recommendation(release, by=world.asb, text=f"Ұсыныс {number}")
    release.conclusions_kk = "Қорытынды"
    release.save_changes(by=world.asb)
    release_steps.send(release, by=world.asb)
    rows = list(release.recommendations.order_by("pk"))
    signal = registry.signals[scenes.RECOMMENDED]

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as asked:
            loops.followed(release, world.asb)
        return len(asked)

    loops.followed(release, world.asb)
    signals.raise_finding(signal, rows[0], by=world.asb)
    one = cost()
    for row in rows[1:]:
        signals.raise_finding(signal, row, by=world.asb)
    assert cost() <= one <= 8


# -- the public page -------------------------------------------------------------------------------------------
@pytest.fixture
def lines(world):
    release = scenes_releases.published(world)
    made = [
        scenes.about_release(world, release, said=f"Айтылды {n}", areas=["S1.A1"] if n else ["S10"]) for n in range(3)
    ]
    return [steps.publish(entry, by=world.asb) for entry in made]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_anybody_reads_it_in_three_languages(lines, language):
    client = Client(headers={"accept-language": language})
    page = client.get(PUBLIC)
    assert page.status_code == 200
    assert [item["row"].pk for item in page.context["items"]] == sorted((row.pk for row in lines), reverse=True)
    assert str(lines[0].release.campaign.year) in page.content.decode()


def test_it_is_filtered_by_audience_and_standard_and_nonsense_is_nothing_chosen(lines):
    def pks(query):
        page = Client().get(PUBLIC + query)
        assert page.status_code == 200
        return sorted(item["row"].pk for item in page.context["items"])

    everything = sorted(row.pk for row in lines)
    assert pks("?audience=students") == everything
    assert pks("?audience=employers") == everything  # nobody said it: no such choice
    assert pks("?standard=S1") == sorted(row.pk for row in lines[1:])
    assert pks("?year=1999&standard=x") == everything
    assert pks("?year=²") == everything


def test_teachers_answers_stand_there_without_their_name(world):
    release = scenes_releases.courses_sent(world)
    scenes_releases.reply(world, release)
    assert not Client().get(PUBLIC).context["replies"]  # not published yet
    release_steps.publish(release, by=world.asb)
    page = Client().get(PUBLIC)
    assert len(page.context["replies"]) == 1
    assert world.staff.last_name not in page.content.decode()


def test_the_public_page_costs_the_same_for_one_and_for_many(world):
    release = scenes_releases.published(world)
    steps.publish(scenes.about_release(world, release), by=world.asb)
    client = Client()
    client.get(PUBLIC)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(PUBLIC)
        return len(asked)

    one = cost()
    for number in range(12):
        steps.publish(scenes.about_release(world, release, said=f"Айтылды {number}"), by=world.asb)
    assert cost() == one


def test_the_share_answered_counts_published_reports(world):
    assert loops.answered_share() == (0, 0)
    release = scenes_releases.published(world)
    scenes_releases.sent(world)
    assert loops.answered_share() == (0, 1)
    scenes.published(world, scenes.settled(world, release))
    assert loops.answered_share() == (1, 1)
    assert Client().get("/").status_code == 200


# -- the register ----------------------------------------------------------------------------------------------
def test_the_register_costs_the_same_for_one_and_for_thirty(world, signed_in):
    release = scenes_releases.sent(world)
    scenes.about_release(world, release)
    client = signed_in("asb")

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    addresses = ("/surveys/loop-entries/", "/api/v1/surveys/loop-entries/")
    few = [cost(address) for address in addresses]
    for number in range(29):
        scenes.about_release(world, release, said=f"Айтылды {number}")
    assert [cost(address) for address in addresses] == few


def test_the_register_is_filtered_by_standard(world, signed_in):
    release = scenes_releases.sent(world)
    of_ten = scenes.about_release(world, release, areas=["S10"])
    of_one = scenes.about_release(world, release, areas=["S1.A1"])
    rows = LoopEntry.objects.visible_to(world.asb)
    assert list(rows.of_standard("S1")) == [of_one]
    assert list(rows.of_standard("S10")) == [of_ten]
    assert signed_in("asb").get("/surveys/loop-entries/?standard=S1").status_code == 200


def test_panels_are_declared_for_reports_campaigns_and_petitions():
    for model in (Release, Campaign, Petition):
        assert any(one.__module__ == "surveys.portal.loop" for one in panels_of(model))
