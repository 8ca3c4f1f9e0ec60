"""The pages of councils: who sees them, that votes stay hidden, that a vote from a phone's form is counted."""

import io

import docx
import pytest
from django.urls import reverse

from khcn.domains.programme.choices import CouncilKind
from khcn.domains.programme.queries.councils.sheets import IDENTIFICATION_ITEMS
from khcn.domains.programme.services import councils
from khcn.domains.programme.tests.councils.bench import drafted, verdicts
from khcn.domains.programme.tests.pipeline import journey
from khcn.domains.programme.tests.pipeline.conftest import appoint
from khcn.domains.programme.views.councils.pages import TABS
from khcn.kernel.orgs.tests.cast import client_for
from khcn.kernel.procedures.models import Ballot

pytestmark = pytest.mark.django_db
SECRET = "Tôi phản đối đề xuất này vì lý do riêng"


@pytest.fixture
def bench(cast, full_proposal, today):
    return drafted(cast, CouncilKind.IDENTIFICATION, [journey.looked_up(cast, full_proposal, today)], today)


def address(bench, tab=""):
    return reverse("council_tab", args=[bench.council.uid, tab]) if tab else _page(bench)


def _page(bench):
    return reverse("council_page", args=[bench.council.uid])


def in_session(bench):
    return bench.established().called().prepared((2, 3)).opened()


def test_tabs_render_in_every_state(bench):
    client = client_for(bench.cast.users.specialist)
    steps = (
        lambda: None, bench.established, bench.called, lambda: bench.prepared((2, 3)), bench.opened,
        lambda: [bench.vote(index, verdicts(True)) for index in range(9)], bench.counted, bench.signed, bench.closed,
    )  # fmt: skip
    for step in steps:
        step()
        for tab in TABS:
            answer = client.get(address(bench, tab))
            assert answer.status_code == 200, (bench.now.state, tab)
            assert bench.council.code in answer.content.decode()


def test_page_is_hidden_from_those_who_have_no_part(bench):
    users = bench.cast.users
    sysadmin = appoint("Quản Trị Viên", bench.cast.units.office, "sysadmin")

    answers = {
        name: client_for(user).get(_page(bench)).status_code
        for name, user in {
            "specialist": users.specialist, "secretary": users.secretary, "leader": users.leader,
            "member": bench.users[5], "proposer": users.owner, "other host": users.stranger, "sysadmin": sysadmin,
        }.items()
    }  # fmt: skip

    assert answers == {
        "specialist": 200, "secretary": 200, "leader": 200, "member": 200, "proposer": 404, "other host": 404,
        "sysadmin": 404,
    }  # fmt: skip
    assert client_for().get(_page(bench)).status_code == 302


def test_nobody_reads_a_vote_before_the_count(bench):
    in_session(bench)
    bench.vote(5, {**verdicts(False), "comment": SECRET})
    sysadmin = appoint("Quản Trị Viên", bench.cast.units.office, "sysadmin")
    readers = [bench.users[0], bench.users[4], bench.users[5], bench.cast.users.secretary, sysadmin]
    readers.append(bench.cast.users.specialist)

    for user in readers:
        client = client_for(user)
        for tab in TABS:
            assert SECRET not in client.get(address(bench, tab)).content.decode()
        again = reverse("council_part_act", args=[bench.council.uid, "bo-phieu", bench.lines[0].uid])
        assert SECRET not in client.get(again).content.decode()

    for index in (0, 1, 2, 3, 4, 6, 7, 8):
        bench.vote(index, verdicts(True))
    bench.counted()
    read = {user.username: SECRET in client_for(user).get(address(bench, "kiem-phieu")).content.decode() for user in (
        bench.cast.users.secretary, bench.users[0], bench.users[5], bench.users[6])}  # fmt: skip
    assert list(read.values()) == [True, True, True, False]
    assert SECRET not in client_for(bench.users[6]).get(address(bench, "lich-su")).content.decode()


def test_member_votes_with_the_form(bench):
    in_session(bench)
    line = bench.lines[0]
    client = client_for(bench.users[5])
    vote = reverse("council_part_act", args=[bench.council.uid, "bo-phieu", line.uid])
    assert vote in client.get(_page(bench)).content.decode()

    incomplete = client.post(vote, {"item_urgency": "pass"})
    answer = client.post(vote, {f"item_{code}": "pass" for code in IDENTIFICATION_ITEMS})

    assert (incomplete.status_code, answer.status_code) == (422, 302)
    assert Ballot.objects.get(subject=line).seat.person == bench.users[5].person


def test_secretary_and_absent_member_are_offered_no_ballot(bench):
    bench.established().called().prepared((2, 3)).opened(absent=(8,))
    vote = reverse("council_part_act", args=[bench.council.uid, "bo-phieu", bench.lines[0].uid])

    assert client_for(bench.cast.users.secretary).get(vote).status_code == 403
    assert client_for(bench.users[8]).get(vote).status_code == 403


def test_review_is_hidden_from_the_proposer_and_read_by_members(bench):
    from khcn.kernel.procedures.services import send_review

    bench.established().called()
    send_review(by=bench.actor(2), seat=bench.seat(2), subject=bench.lines[0], body={"contents": SECRET})

    assert SECRET in client_for(bench.users[5]).get(address(bench, "tai-lieu")).content.decode()
    assert client_for(bench.cast.users.owner).get(address(bench, "tai-lieu")).status_code == 404
    proposal = councils.drafting.records_of(bench.council)[0][1]
    assert SECRET not in str(vars(proposal))


def test_person_is_found_and_seated_from_the_page(bench, cast):
    client = client_for(cast.users.specialist)
    person = appoint("Huỳnh Khắc Huệ", cast.units.province).person
    seats = reverse("council_seat_new", args=[bench.council.uid])

    found = client.get(seats, {"q": "huynh khac"})
    barred = client.post(seats, {"person": str(person.uid), "role": "member", "bias": "là bạn thân của tác giả"})
    seated = client.post(seats, {"person": str(person.uid), "role": "member"})

    assert "Huỳnh Khắc Huệ" in found.content.decode()
    assert (barred.status_code, seated.status_code) == (422, 302)
    assert "bạn thân" in barred.content.decode()
    assert bench.now.seats.filter(person=person).exists()


def test_new_council_is_drafted_from_waiting_proposals(cast, full_proposal, today):
    proposal = journey.looked_up(cast, full_proposal, today)
    client = client_for(cast.users.head)
    new = reverse("council_new", args=["identification"])
    assert proposal.code in client.get(new).content.decode()

    answer = client.post(new, {"records": [str(proposal.uid)]})

    assert answer.status_code == 302
    assert client_for(cast.users.owner).get(new).status_code == 403
    assert proposal.code not in client.get(new).content.decode()


def test_papers_open_as_word_files_and_count_waits_for_the_count(bench):
    client = client_for(bench.cast.users.secretary)
    paper = lambda slug: client.get(reverse("council_paper", args=[bench.council.uid, slug]))  # noqa: E731
    assert paper("bien-ban-kiem-phieu").status_code == 404
    in_session(bench)
    for index in range(9):
        bench.vote(index, verdicts(index < 7))
    bench.counted()

    for slug in ("danh-sach", "phieu-nhan-xet", "phieu-danh-gia", "bien-ban-kiem-phieu", "bien-ban-hop"):
        answer = paper(slug)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        word = docx.Document(io.BytesIO(content))
        text = "\n".join(item.text for item in word.paragraphs)
        assert answer.status_code == 200
        assert text
    assert "Đề nghị thực hiện" in text or any("Đề nghị thực hiện" in cell.text for table in word.tables
                                              for row in table.rows for cell in row.cells)  # fmt: skip


def test_list_shows_own_councils_with_few_queries(bench, sql_count):
    member = client_for(bench.users[5])
    member.get(reverse("council_list"))
    with sql_count() as queries:
        answer = member.get(reverse("council_list"))

    assert bench.council.code in answer.content.decode()
    assert len(queries) <= 20
    assert bench.council.code not in client_for(bench.cast.users.owner).get(reverse("council_list")).content.decode()


def test_page_asks_no_more_for_more_members(bench, sql_count):
    client = client_for(bench.users[0])
    client.get(_page(bench))
    with sql_count() as queries:
        client.get(_page(bench))

    assert len(queries) <= 40
