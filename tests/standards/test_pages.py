"""The pages of the catalogue: what hangs on a requirement, older editions, query counts that do not grow."""

from __future__ import annotations

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from standards.models import Edition, EvaluationArea, Requirement, Standard

from .conftest import change, load


@pytest.fixture
def loaded(world):
    """The world's own tiny edition 1, and the shipped catalogue as edition 2."""
    load()
    return world


def requirement(code: str) -> Requirement:
    return Requirement.objects.in_force().get(code=code)


def queries(client, url: str) -> int:
    client.get(url)  # what is cached for the process is read once
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def text_of(response) -> str:
    return html.unescape(response.content.decode())


PAGES = {
    "standards": lambda: reverse("standards:standards"),
    "standard": lambda: Standard.objects.in_force().get(code="S10").get_absolute_url(),
    "requirement": lambda: requirement("S10.R8").get_absolute_url(),
    "matrix": lambda: reverse("standards:matrix"),
}
#: sign-in, standing, menu and notices included
MOST_QUERIES = {"standards": 18, "standard": 34, "requirement": 18, "matrix": 16}


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_sent_to_sign_in(loaded, client, page):
    response = client.get(PAGES[page]())
    assert response.status_code == 302
    assert "/accounts/login/" in response["Location"]


@pytest.mark.parametrize("username", ["staff", "asb", "stranger", "expert", "admin"])
@pytest.mark.parametrize("page", PAGES)
def test_everybody_who_signs_in_reads_the_catalogue(loaded, signed_in, page, username):
    assert signed_in(username).get(PAGES[page]()).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_the_query_count_does_not_grow_with_findings(loaded, signed_in, page):
    client, url = signed_in("asb"), PAGES[page]()
    area = EvaluationArea.objects.in_force().get(code="S10.A3")
    loaded.finding(requirement=requirement("S10.R8"), area=area)
    few = queries(client, url)
    for code in ("S10.R1", "S10.R4", "S10.R8", "S2.R1") * 7:
        loaded.finding(requirement=requirement(code), area=area)
    assert queries(client, url) == few
    assert few <= MOST_QUERIES[page]


def test_before_the_catalogue_is_loaded_the_pages_say_so(db, world, signed_in):
    Requirement.objects.all().delete()
    Standard.objects.all().delete()
    Edition.objects.all().delete()
    client = signed_in("asb")
    assert "load_catalogue" in text_of(client.get(reverse("standards:standards")))
    assert client.get(reverse("standards:matrix")).status_code == 200


# -- one standard ---------------------------------------------------------------------------------------
def test_a_standard_shows_every_part_with_an_address_of_its_own(loaded, signed_in):
    page = text_of(signed_in("staff").get(PAGES["standard"]()))
    for letter, n in zip("TRSAKFD", (6, 9, 6, 12, 7, 12, 3), strict=True):
        for number in range(1, n + 1):
            assert f'id="S10.{letter}{number}"' in page
    assert requirement("S10.R8").get_absolute_url() in page


def test_a_standard_shows_description_goal_documents_keepers_notes_and_clauses(loaded, signed_in):
    standard = Standard.objects.in_force().get(code="S10")
    page = text_of(signed_in("staff").get(f"{standard.get_absolute_url()}?lang=en"))
    assert standard.text_en in page and standard.goal_en in page and standard.note_en in page
    assert "Regulation on external quality assurance" in page
    assert "Quality office (ASB)" in page
    assert "ESG 1.10" in page and "Regular external evaluation" in page
    assert "ISO-9001 7.1.1" in page


def test_what_the_portal_wrote_itself_is_said(loaded, signed_in):
    standard = Standard.objects.in_force().get(code="S8")
    assert text_of(signed_in("staff").get(f"{standard.get_absolute_url()}?lang=en")).count("written by the portal") == 8


def open_on(page: str, code: str) -> str:
    """The article of one part."""
    return re.search(rf'<article class="clause" id="{re.escape(code)}".*?</article>', page, re.DOTALL).group()


def test_open_findings_are_counted_on_requirements_and_areas(loaded, signed_in):
    area = EvaluationArea.objects.in_force().get(code="S10.A3")
    loaded.finding(requirement=requirement("S10.R8"), area=area)
    loaded.finding(requirement=requirement("S10.R8"))
    page = text_of(signed_in("asb").get(f"{PAGES['standard']()}?lang=en"))
    assert "2 open findings" in open_on(page, "S10.R8")
    assert "1 open finding" in open_on(page, "S10.A3")
    assert "open finding" not in open_on(page, "S10.R7")


def test_only_findings_that_one_may_see_are_counted(loaded, signed_in):
    loaded.finding(requirement=requirement("S10.R8"))
    page = text_of(signed_in("stranger").get(f"{PAGES['standard']()}?lang=en"))
    assert "open finding" not in open_on(page, "S10.R8")
    assert "open finding" not in text_of(signed_in("stranger").get(f"{PAGES['standards']()}?lang=en"))


def test_the_list_of_standards_counts_open_findings_of_each(loaded, signed_in):
    loaded.finding(requirement=requirement("S10.R8"))
    loaded.finding(requirement=requirement("S10.R1"))
    page = text_of(signed_in("asb").get(f"{PAGES['standards']()}?lang=en"))
    assert page.count("2 open findings") == 1


# -- one requirement --------------------------------------------------------------------------------------
def test_a_requirement_shows_what_hangs_on_it(loaded, signed_in):
    finding = loaded.finding(requirement=requirement("S10.R4"))
    page = text_of(signed_in("asb").get(f"{requirement('S10.R4').get_absolute_url()}?lang=en"))
    assert requirement("S10.R4").text_en in page
    assert "Informing the public" in page, "its own clause of the ESG"
    assert "Regular external evaluation" in page, "the clause of its standard"
    assert "S10.A12" in page and "S10.K7" in page
    assert finding.number in page and finding.get_absolute_url() in page
    assert f"/capa/findings/add/?requirement={requirement('S10.R4').pk}" in page


def test_findings_on_the_code_are_shown_whatever_edition_they_were_made_against(loaded, signed_in):
    finding = loaded.finding(requirement=loaded.requirement)
    page = text_of(signed_in("asb").get(requirement("S1.R1").get_absolute_url()))
    assert finding.number in page


def test_findings_that_one_may_not_see_are_not_shown(loaded, signed_in):
    finding = loaded.finding(requirement=requirement("S10.R4"))
    assert finding.number not in text_of(signed_in("stranger").get(requirement("S10.R4").get_absolute_url()))


def test_many_findings_lead_to_the_register(loaded, signed_in):
    for _ in range(11):
        loaded.finding(requirement=requirement("S10.R4"))
    page = text_of(signed_in("asb").get(requirement("S10.R4").get_absolute_url()))
    assert "/capa/findings/?requirement=S10.R4" in page


def test_a_finding_reported_from_a_requirement_is_against_its_wording_in_force(loaded, signed_in):
    client, new = signed_in("staff"), requirement("S1.R1")
    for read in (loaded.requirement, new):
        address = f"/capa/findings/add/?requirement={new.pk}"
        assert address in text_of(client.get(read.get_absolute_url()))
        assert f'<option value="{new.pk}" selected>' in text_of(client.get(address))


def test_nothing_is_reported_against_a_retired_requirement(loaded, signed_in, folder):
    old = requirement("S10.R9")
    change(folder, "s10.yaml", lambda data: data["requirements"].pop())
    load(folder=folder)
    page = signed_in("staff").get(old.get_absolute_url())
    assert page.status_code == 200
    assert "/capa/findings/add/?requirement" not in text_of(page)


# -- matrix -------------------------------------------------------------------------------------------------
def test_the_matrix_tells_own_clauses_from_those_of_the_standard(loaded, signed_in):
    page = text_of(signed_in("staff").get(f"{PAGES['matrix']()}?lang=en"))
    row = re.search(
        rf'<tr><th scope="row"><a href="{requirement("S10.R4").get_absolute_url()}".*?</tr>', page, re.DOTALL
    ).group()
    assert re.search(r"<b [^>]*>1\.8</b>", row)
    inherited = re.search(r'<span class="inherited">.*?</td>', row, re.DOTALL).group()
    assert "1.10" in inherited
    assert page.count('<th scope="row">') == 84


# -- editions ---------------------------------------------------------------------------------------------------
@pytest.fixture
def reworded(loaded, folder):
    """Edition 3: S10.R8 in other words, S10.T6 gone."""

    def how(data):
        data["requirements"][7]["text"]["en"] = "Other words"
        data["tasks"].pop()

    change(folder, "s10.yaml", how)
    load(folder=folder)
    return loaded


def test_an_older_edition_can_be_seen_and_says_that_it_is_not_in_force(reworded, signed_in):
    client = signed_in("staff")
    now = text_of(client.get(f"{reverse('standards:standards')}?lang=en"))
    assert "This is not the wording in force" not in now
    before = text_of(client.get(f"{reverse('standards:standards')}?edition=2&lang=en"))
    assert "This is not the wording in force" in before
    old = Standard.objects.of_edition(2).get(code="S10")
    assert old.get_absolute_url() in before and old.get_absolute_url() not in now
    assert "S10.T6" in text_of(client.get(old.get_absolute_url()))
    assert "S10.T6" not in text_of(client.get(Standard.objects.in_force().get(code="S10").get_absolute_url()))


def test_a_requirement_leads_to_its_words_in_other_editions(reworded, signed_in):
    old = Requirement.objects.of_edition(2).get(code="S10.R8")
    new = requirement("S10.R8")
    page = text_of(signed_in("staff").get(f"{new.get_absolute_url()}?lang=en"))
    assert old.get_absolute_url() in page and "Other words" in page
    shown = text_of(signed_in("staff").get(f"{old.get_absolute_url()}?lang=en"))
    assert "This is not the wording in force" in shown and new.get_absolute_url() in shown


def test_edition_in_the_address_leads_to_the_same_code_there(reworded, signed_in):
    old, new = Requirement.objects.of_edition(2).get(code="S10.R8"), requirement("S10.R8")
    client = signed_in("staff")
    assert client.get(f"{new.get_absolute_url()}?edition=2")["Location"] == old.get_absolute_url()
    assert client.get(f"{old.get_absolute_url()}?edition=3")["Location"] == new.get_absolute_url()
    assert client.get(f"{old.get_absolute_url()}?edition=2").status_code == 200


@pytest.mark.parametrize("edition", ["9", "x", "-1", "²", "99999999999999999999"])
@pytest.mark.parametrize("page", PAGES)
def test_an_edition_that_is_not_there_is_not_found(loaded, signed_in, page, edition):
    assert signed_in("staff").get(f"{PAGES[page]()}?edition={edition}").status_code == 404


def test_the_search_finds_a_part_by_its_code_and_by_its_words(loaded, signed_in):
    client = signed_in("staff")
    assert requirement("S10.R8").get_absolute_url() in text_of(client.get("/search/?q=S10.R8"))
    assert "#S10.K1" in text_of(client.get("/search/?q=s10.k1"))
    assert requirement("S10.R7").get_absolute_url() in text_of(client.get("/search/?q=БЮДЖЕТІН"))


def test_admin_shows_the_catalogue_and_lets_nobody_change_it(loaded, signed_in):
    client = signed_in("admin")
    for model in ("edition", "standard", "requirement", "documentgroup", "mapping", "framework"):
        assert client.get(reverse(f"admin:standards_{model}_changelist")).status_code == 200
        assert client.get(reverse(f"admin:standards_{model}_add")).status_code == 403
    row = requirement("S10.R8")
    address = reverse("admin:standards_requirement_change", args=[row.pk])
    page = client.get(address)
    assert page.status_code == 200
    assert 'name="_save"' not in text_of(page)
    assert client.post(address, {"text_kk": "x"}).status_code == 403
    assert client.post(reverse("admin:standards_requirement_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
