"""Dossiers through services: codes, forms, clocks, supplements, fee, extension, withdrawal, result, bad files."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import (
    Channel,
    DeliveryState,
    FinanceState,
    NationalStatus,
    OnlineLevel,
    PaperKind,
    PaymentMethod,
    ReturnMethod,
    SupplementClock,
    SyncState,
)
from khcn.domains.onestop.errors import DossierStepRefused
from khcn.domains.onestop.forms.dossiers import AcceptForm
from khcn.domains.onestop.models import Dossier, PaperFormRow
from khcn.domains.onestop.queries.dossiers import acts_for, judged, overdue
from khcn.domains.onestop.queries.papers import control_lines, paper_document
from khcn.domains.onestop.rules.form_sets import NoFormInForce
from khcn.domains.onestop.services import handling, intake, work
from khcn.domains.onestop.services.intake import Applicant, SentFile
from khcn.domains.onestop.tests.conftest import PDF, at
from khcn.kernel.documents import services as documents
from khcn.kernel.documents.choices import DocumentKind
from khcn.kernel.documents.queries import content_of
from khcn.kernel.orgs.models import User
from khcn.kernel.procedures.choices import CaseState
from khcn.kernel.procedures.queries.cases import open_runs
from khcn.lib.failure import Forbidden, Refused, Stale
from khcn.lib.roles import Role
from khcn.standards.nd30.lint import lint_docx
from khcn.web.uploads import UploadHarmful, UploadKindForbidden, UploadMismatch, UploadRefused, UploadTooLarge


def run_through(office, dossier, *, until=("phan_cong", "tham_dinh", "ky_duyet"), now=None):
    """Do the steps of the workflow, each by whoever holds its office."""
    people = {"phan_cong": office.head, "tham_dinh": office.specialist, "ky_duyet": office.director}
    for key in until:
        (run,) = open_runs(dossier.case)
        assert run.step_key == key
        work.complete_work(by=people[key], dossier=dossier, run=run, note="xong", now=now or at(16))


def result_paper(office, dossier):
    """A numbered official paper of the deciding agency."""
    paper = documents.draft_paper(
        by=office.specialist, organisation=office.body, kind=DocumentKind.NOTICE, title="Kết quả giải quyết hồ sơ",
        notation="TB-SKHCN", place="Bình Phước", body="Hồ sơ đủ điều kiện.\nCấp giấy chứng nhận.", archive="VT",
        recipients="Người nộp hồ sơ", signer=office.director_person, signer_title="Giám đốc",
        subject_type=Dossier._meta.label_lower, subject_uid=dossier.uid,
    )  # fmt: skip
    documents.check_paper(by=office.specialist, paper=paper)
    documents.initial_paper(by=office.head, paper=paper)
    documents.sign_paper(by=office.director, paper=paper)
    return documents.number_paper(by=office.registrar, paper=paper, on=date(2023, 5, 18))


def started(office, **more):
    dossier = office.received(**more)
    return handling.start(by=office.clerk, dossier=dossier, now=at(15, 10))


def test_accepted_dossier_has_code_appointment_case_and_form_01(counter) -> None:
    dossier = counter.received()

    paper = dossier.papers.get()
    assert dossier.code == "H10.16-230515-0001"
    assert dossier.appointment_at == at(22, 17, 30)
    assert dossier.case.due_at == at(22, 17, 30)
    assert dossier.case.code == dossier.code
    assert dossier.case.version_pinned.procedure == counter.procedure.workflow
    assert (paper.form_number, paper.form_basis) == ("01", "TT 01/2018/TT-VPCP")
    assert {revision.filename.rsplit(".", 1)[1] for revision in paper.document.revisions.all()} == {"docx", "pdf"}
    assert dossier.sync == SyncState.WAITING


def test_form_01_in_word_keeps_to_the_decrees_page(counter) -> None:
    paper = counter.received().papers.get()

    word = content_of(paper.document.revisions.get(number=1))
    codes = {finding.code for finding in lint_docx(word)}

    assert not {code for code in codes if code.startswith(("page.", "file."))}


def test_dossier_after_the_cut_off_is_counted_from_the_next_day(counter) -> None:
    dossier = intake.accept(by=counter.clerk, dossier=counter.submit(), now=at(15, 15, 30))

    assert dossier.appointment_at == at(23, 17, 30)


def test_codes_run_without_gaps_per_agency_and_day_when_one_fails(counter) -> None:
    codes = [counter.received().code]
    with transaction.atomic():
        counter.received()
        transaction.set_rollback(True)
    codes += [counter.received().code, counter.received(now=at(16, 9)).code]

    assert codes == ["H10.16-230515-0001", "H10.16-230515-0002", "H10.16-230516-0001"]


def test_dossier_with_a_missing_paper_is_sent_back_then_accepted(counter) -> None:
    dossier = counter.submit(files=())

    with pytest.raises(DossierStepRefused, match="Đơn đăng ký"):
        intake.accept(by=counter.clerk, dossier=dossier, now=at(15))
    intake.ask_intake(by=counter.clerk, dossier=dossier, contents="Nộp đơn đăng ký", now=at(15))
    intake.supply_before_acceptance(
        by=counter.nobody, dossier=dossier, files=[SentFile("don.pdf", PDF, counter.application.pk)], now=at(16)
    )
    dossier.refresh_from_db()
    intake.accept(by=counter.clerk, dossier=dossier, now=at(16))

    assert dossier.status == NationalStatus.ACCEPTED
    assert [paper.kind for paper in dossier.papers.all()] == ["supplement", "receipt"]
    assert not dossier.supplements.filter(supplied_at=None).exists()


def test_paper_shown_at_the_counter_counts_as_handed_in(counter) -> None:
    dossier = counter.submit(files=(), channel=Channel.COUNTER, by=counter.clerk)

    intake.accept(by=counter.clerk, dossier=dossier, received_papers=[counter.application.pk], now=at(15))

    assert dossier.status == NationalStatus.ACCEPTED


def test_paper_received_is_kept_and_named_on_form_01(counter) -> None:
    dossier = counter.submit(files=[])
    intake.accept(by=counter.clerk, dossier=dossier, received_papers=[counter.application.pk], now=at(15))

    _form, receipt = paper_document(dossier, PaperKind.RECEIPT, on=date(2023, 5, 15))
    assert dossier.papers_received == [counter.application.pk]
    assert "'bản giấy'" in repr(receipt)


def test_component_with_a_file_is_not_asked_for_on_paper(counter) -> None:
    form = AcceptForm({f"p_{counter.application.pk}": "on"}, dossier=counter.submit())

    assert form.is_valid()
    assert form.values() == {"received_papers": []}


def test_refused_dossier_needs_a_reason_and_gets_form_03(counter) -> None:
    dossier = counter.submit()

    with pytest.raises(DossierStepRefused, match="lý do"):
        intake.refuse(by=counter.clerk, dossier=dossier, reason=" ", now=at(15))
    intake.refuse(by=counter.clerk, dossier=dossier, reason="Không thuộc thẩm quyền", now=at(15))

    assert dossier.status == NationalStatus.REFUSED
    assert dossier.papers.get().form_number == "03"


def test_supplement_restarts_the_limit_and_only_one_is_allowed(counter) -> None:
    dossier = started(counter)
    run_through(counter, dossier, until=("phan_cong",))
    handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Bổ sung điều lệ", now=at(17))
    dossier.case.refresh_from_db()
    paused = dossier.case.state
    with pytest.raises(DossierStepRefused, match="chưa xử lý"):
        work.complete_work(by=counter.specialist, dossier=dossier, run=open_runs(dossier.case)[0], now=at(18))
    handling.supplied(
        by=counter.nobody, dossier=dossier, files=[SentFile("dieu-le.pdf", PDF)], by_applicant=True, now=at(24)
    )
    dossier.case.refresh_from_db()

    assert paused == CaseState.PAUSED
    assert dossier.case.due_at == at(31, 17, 30)
    assert dossier.appointment_at == at(22, 17, 30)
    with pytest.raises(DossierStepRefused, match="chuyên ngành"):
        handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Lần nữa", now=at(25))


def test_supplement_resumes_where_the_procedure_says_so(counter) -> None:
    counter.procedure.supplement_clock = SupplementClock.RESUME
    counter.procedure.save()
    dossier = started(counter)

    handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Bổ sung điều lệ", now=at(17, 7, 30))
    handling.supplied(by=counter.clerk, dossier=dossier, now=at(24, 7, 30))
    dossier.case.refresh_from_db()

    assert dossier.case.due_at == at(29, 17, 30)


def test_fee_pauses_until_it_is_paid_with_a_receipt(counter) -> None:
    dossier = started(counter)
    assert dossier.finance == FinanceState.NOT_DEMANDED
    demand = handling.demand_fee(by=counter.specialist, dossier=dossier, now=at(16))

    with pytest.raises(Refused, match="biên lai"):
        handling.record_payment(by=counter.clerk, dossier=dossier, method=PaymentMethod.CASH, receipt_number="")
    handling.record_payment(
        by=counter.clerk, dossier=dossier, method=PaymentMethod.PORTAL, receipt_number="BL-7", now=at(17)
    )

    demand.refresh_from_db()
    assert demand.amount_vnd == 300_000
    assert demand.receipt_number == "BL-7"
    assert dossier.finance == FinanceState.PAID
    assert dossier.status == NationalStatus.IN_PROGRESS


def test_extension_once_before_the_due_moment_by_a_leader(counter) -> None:
    dossier = started(counter)
    extend = {"dossier": dossier, "until": at(26, 17, 30), "reason": "Chờ ý kiến cơ quan khác"}

    with pytest.raises(Forbidden, match="lãnh đạo"):
        handling.extend(by=counter.specialist, now=at(19), **extend)
    with pytest.raises(DossierStepRefused, match="quá hạn"):
        handling.extend(by=counter.director, now=at(23), **extend)
    handling.extend(by=counter.director, now=at(19), **extend)
    dossier.case.refresh_from_db()
    with pytest.raises(DossierStepRefused, match="1 lần"):
        handling.extend(by=counter.director, dossier=dossier, until=at(30, 17), reason="Nữa", now=at(24))

    assert dossier.case.due_at == at(26, 17, 30)
    assert dossier.appointment_at == at(26, 17, 30)
    assert dossier.papers.filter(kind="apology").get().form_number == "04"


def test_withdrawal_is_asked_denied_asked_again_and_allowed(counter) -> None:
    dossier = started(counter)
    handling.ask_withdraw(by=counter.nobody, dossier=dossier, reason="Đổi ý", by_applicant=True, now=at(16))
    handling.answer_withdrawal(
        by=counter.head, dossier=dossier, allow=False, reason="Đã thẩm định xong", now=at(16, 10)
    )
    handling.ask_withdraw(by=counter.clerk, dossier=dossier, reason="Vẫn rút", now=at(17))
    handling.answer_withdrawal(by=counter.head, dossier=dossier, allow=True, reason="Đồng ý", now=at(17, 10))
    dossier.case.refresh_from_db()

    assert dossier.status == NationalStatus.STOPPED
    assert dossier.case.state == CaseState.CANCELLED
    assert dossier.papers.filter(kind="stop").count() == 1


def test_stopping_an_unanswered_supplement_ends_the_case(counter) -> None:
    dossier = started(counter)
    handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="Bổ sung", now=at(16))

    with pytest.raises(Forbidden, match="lãnh đạo"):
        handling.stop(by=counter.clerk, dossier=dossier, reason="Không bổ sung", now=at(30))
    handling.stop(by=counter.director, dossier=dossier, reason="Không bổ sung", now=at(30))

    assert dossier.status == NationalStatus.STOPPED


def test_result_needs_all_steps_and_a_numbered_paper_then_is_handed_over(counter) -> None:
    dossier = started(counter)
    run_through(counter, dossier, until=("phan_cong", "tham_dinh"))
    with pytest.raises(DossierStepRefused, match="Ký duyệt"):
        handling.decide(by=counter.specialist, dossier=dossier, now=at(17))
    run_through(counter, dossier, until=("ky_duyet",), now=at(17))
    with pytest.raises(DossierStepRefused, match="chưa được ký"):
        handling.decide(by=counter.specialist, dossier=dossier, now=at(17))

    paper = result_paper(counter, dossier)
    handling.decide(by=counter.specialist, dossier=dossier, paper=paper, now=at(18))
    with pytest.raises(DossierStepRefused, match="người nhận"):
        handling.hand_over(by=counter.clerk, dossier=dossier, identity_or_proof="", now=at(18))
    handling.hand_over(by=counter.clerk, dossier=dossier, identity_or_proof="CCCD 070123", now=at(19))

    assert dossier.status == NationalStatus.RETURNED
    assert dossier.delivery == DeliveryState.HANDED_OVER
    assert judged([dossier], until=at(31))[dossier.pk].on_time
    assert [line[0] for line in control_lines(dossier)] == ["Phân công xử lý", "Thẩm định hồ sơ", "Ký duyệt kết quả"]


def test_result_as_a_pdf_must_carry_good_signatures(counter) -> None:
    dossier = started(counter)
    run_through(counter, dossier)
    signed = content_of(result_paper(counter, dossier).document.revisions.order_by("-number").first())
    tampered = bytearray(signed)
    tampered[len(tampered) // 5] ^= 1

    for content in (PDF, bytes(tampered)):
        with pytest.raises(DossierStepRefused, match="chưa được ký"):
            handling.decide(by=counter.specialist, dossier=dossier, content=content, filename="kq.pdf", now=at(18))
    handling.decide(by=counter.specialist, dossier=dossier, content=signed, filename="kq.pdf", now=at(18))

    assert dossier.status == NationalStatus.DECIDED


def test_result_by_post_needs_an_address_and_the_items_number(counter) -> None:
    with pytest.raises(Refused, match="địa chỉ"):
        counter.submit(return_method=ReturnMethod.POST)
    dossier = counter.submit(return_method=ReturnMethod.POST, return_address="Xã Đắk Ơ")

    assert dossier.return_address == "Xã Đắk Ơ"


def test_offices_are_kept_apart(counter) -> None:
    dossier = counter.submit()

    for stranger in (counter.stranger, counter.specialist, counter.nobody):
        with pytest.raises(Forbidden, match="một cửa"):
            intake.accept(by=stranger, dossier=dossier, now=at(15))
    accepted = counter.received()
    with pytest.raises(Forbidden, match="cơ quan giải quyết"):
        handling.ask_supplement(by=counter.clerk, dossier=accepted, contents="x")
    assert acts_for(counter.stranger, accepted) == ()
    assert "start" in acts_for(counter.clerk, accepted)


def test_two_clerks_accept_one_dossier_the_second_is_told(counter) -> None:
    dossier = counter.submit()
    seen = Dossier.objects.get(pk=dossier.pk)
    intake.accept(by=counter.clerk, dossier=dossier, expected_version=1, now=at(15))

    with pytest.raises((Stale, DossierStepRefused)):
        intake.accept(by=counter.clerk, dossier=seen, expected_version=1, now=at(15))
    assert Dossier.objects.filter(code__isnull=False).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "refusal"),
    [
        ("don.pdf", b"MZ\x90\x00 program", UploadRefused),
        ("don.pdf", b"\x89PNG\r\n\x1a\n" + bytes(50), UploadMismatch),
        ("chay.exe", b"MZ\x90\x00", UploadKindForbidden),
        ("virus.txt", b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", UploadHarmful),
        ("to.txt", b"a" * (20 * 1024 * 1024 + 1), UploadTooLarge),
        ("rong.pdf", b"", UploadRefused),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_and_nothing_is_kept(counter, name, content, refusal) -> None:
    with pytest.raises(refusal):
        counter.submit(files=[SentFile(name, content)])

    assert not Dossier.objects.exists()


def test_online_submission_of_a_counter_only_or_expired_procedure_is_refused(counter) -> None:
    counter.procedure.online_level = OnlineLevel.NONE
    with pytest.raises(Refused, match="chưa nhận trực tuyến"):
        counter.submit()
    counter.procedure.online_level, counter.procedure.valid_to = OnlineLevel.FULL, date(2023, 1, 1)
    with pytest.raises(Refused, match="không có hiệu lực"):
        counter.submit()


@pytest.mark.parametrize("values", [{}, {"linh_vuc": "Khác"}])
def test_form_with_empty_or_invented_answers_is_refused(counter, values) -> None:
    with pytest.raises(Refused) as refused:
        counter.submit(form_values=values)

    assert refused.value.field == "linh_vuc"


def test_applicant_without_a_name_is_refused(counter) -> None:
    with pytest.raises(Refused, match="họ tên"):
        counter.submit(applicant=Applicant("  "))


def test_paper_on_a_day_without_a_form_in_force_gives_the_number_back(counter) -> None:
    PaperFormRow.objects.all().delete()
    dossier = counter.submit()

    with pytest.raises(NoFormInForce):
        intake.accept(by=counter.clerk, dossier=dossier, now=at(15))

    dossier.refresh_from_db()
    assert dossier.code is None


def test_forms_of_2026_carry_the_numbers_of_the_later_circular(counter) -> None:
    dossier = counter.received(now=at(15, 9, year=2026))

    assert dossier.papers.get().form_basis == "TT 03/2025/TT-VPCP"


def test_overdue_is_computed_from_the_clock(counter) -> None:
    dossier = started(counter)
    rows = Dossier.objects.all()

    assert not overdue(rows, at(22, 17)).exists()
    assert overdue(rows, at(23, 8)).get() == dossier
    handling.ask_supplement(by=counter.specialist, dossier=dossier, contents="x", now=at(22))
    assert not overdue(rows, at(31)).exists()


def test_batch_accepts_what_it_can_and_says_what_it_cannot(counter) -> None:
    good, bad = counter.submit(), counter.submit(files=())

    outcome = work.do_for_all(by=counter.clerk, dossiers=[good, bad], event="accept", now=at(15))

    assert outcome.done == 1
    assert outcome.refused[0][0] == bad.tracking
    assert "Đơn đăng ký" in outcome.refused[0][1]
    with pytest.raises(Refused):
        work.do_for_all(by=counter.clerk, dossiers=[good], event="decide")


def test_many_steps_are_finished_at_once_and_what_cannot_be_is_told(counter, client_for) -> None:
    first, second, waiting, other = (started(counter) for _ in range(4))
    handling.ask_supplement(by=counter.specialist, dossier=waiting, contents="Bổ sung", now=at(16))
    runs = [open_runs(dossier.case)[0] for dossier in (first, second, waiting, other)]
    work.complete_work(by=counter.head, dossier=other, run=runs[3], now=at(16))
    client = client_for(User.objects.get(pk=counter.head.user_id))
    page = client.get(reverse("dossier_work")).content.decode()
    ticks = [str(run.uid) in page for run in runs]

    answer = client.post(reverse("dossier_work"), {"chon": [str(run.uid) for run in runs]}, follow=True)

    assert ticks == [True, True, False, False]
    told = answer.content.decode()
    assert "Đã hoàn thành 2 bước." in told
    assert f"{waiting.code}: Hồ sơ đang ở trạng thái" in told
    assert f"{other.code}: Bước" in told
    assert [open_runs(dossier.case)[0].step_key for dossier in (first, second, waiting, other)] == [
        "tham_dinh", "tham_dinh", "phan_cong", "tham_dinh"
    ]  # fmt: skip


def test_step_of_a_dossier_that_is_not_seen_is_not_finished_with_others(counter, client_for) -> None:
    run = open_runs(started(counter).case)[0]
    client = client_for(User.objects.get(pk=counter.stranger.user_id))

    answer = client.post(reverse("dossier_work"), {"chon": [str(run.uid)]}, follow=True)

    assert "Đã hoàn thành 0 bước." in answer.content.decode()
    run.refresh_from_db()
    assert run.state == "ready"


def test_absence_moves_held_steps_and_later_assignments_to_the_substitute(counter, cast) -> None:
    away, other = (
        cast.user(Role.SPECIALIST, organisation=counter.body),
        cast.user(Role.SPECIALIST, organisation=counter.body),
    )
    dossier = started(counter)
    run_through(counter, dossier, until=("phan_cong",))
    run = open_runs(dossier.case)[0]
    work.assign_work(by=counter.head, run=run, to=away)
    today = timezone.localdate()
    absence, moved = work.declare_absence(
        by=counter.head, person=away, substitute=other, date_from=today, date_to=today + timedelta(days=3)
    )
    run.refresh_from_db()

    assert moved == 1
    assert run.assignee == other
    assert work.stand_in(away, on=today) == other
    assert work.stand_in(away, on=today + timedelta(days=9)) == away
    assert absence.substitute == other
    with pytest.raises(Refused, match="cũng vắng"):
        work.declare_absence(
            by=counter.head,
            person=User.objects.get(pk=counter.specialist.user_id),
            substitute=away,
            date_from=today,
            date_to=today,
        )
