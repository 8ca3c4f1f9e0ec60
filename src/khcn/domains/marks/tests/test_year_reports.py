"""The report of a year: frozen once, written, issued with both files, corrected by a next one."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from khcn.domains.marks.choices import FaultGrade, FeeCause, IncidentKind, UseAct, YearReportState
from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import CertifiedLot, YearReport
from khcn.domains.marks.rules.year_report import figure, is_whole
from khcn.domains.marks.services import control, fees, incidents, stamps, uses, year_reports
from khcn.domains.marks.tests.test_uses import DAY, checked, drawn, member  # noqa: F401 (fixtures)
from khcn.lib.failure import Forbidden, Refused
from khcn.web.spreadsheets.reading import read_table

pytestmark = [pytest.mark.django_db, pytest.mark.database]
TODAY = date(2026, 11, 20)


@pytest.fixture
def year(member, office):  # noqa: F811 (the fixture)
    """A year with a member that paid, a lot with stamps, a nonconformity and a report."""
    right, keeper, head = member.right, office.specialist.actor, office.head.actor
    fees.set_rate(
        by=head, right=right, cause=FeeCause.GRANT, amount_vnd=500_000, valid_from=date(2026, 1, 1), basis="QĐ 3"
    )
    checked(member, office)
    fee = fees.demand_fee(by=keeper, use=member, cause=FeeCause.GRANT, on=DAY)
    fees.take_fee(by=keeper, fee=fee, on=DAY, receipt_number="BL 7")
    uses.decide(by=head, use=member, act=UseAct.GRANT, on=DAY, decision="QĐ 9")
    lot = CertifiedLot.objects.create(
        use=member, product=right.products.first(), lot_uri="urn:x:1", lot_code="L1", made_on=DAY, lot_kg=100, kg=100,
        outcome="certain", least=1, most=1, certified_on=DAY,
    )  # fmt: skip
    design = stamps.add_design(by=keeper, right=right, name="Tem", prefix="N", kg=Decimal("0.5"))
    order = stamps.order_stamps(by=keeper, design=design, printer="Nhà in", count=300, on=DAY)
    stamps.receive_stamps(by=keeper, order=order, on=DAY)
    issue = lot.issues.create(order=order, first=1, last=120, kg=design.kg, issued_on=DAY)
    stamps.void_stamps(by=keeper, issue=issue, first=1, last=20, reason="Hỏng", on=DAY)
    control.note_fault(by=keeper, use=member, grade=FaultGrade.MINOR, text="Ghi chậm", found_on=date(2026, 5, 5))
    incidents.receive_incident(
        by=keeper,
        right=right,
        kind=IncidentKind.INFRINGEMENT,
        text="Hàng nhái",
        now=datetime(2026, 6, 1, 3, tzinfo=UTC),
    )
    return right


def frozen_year(right, office, year=2026):
    return year_reports.freeze_year(by=office.specialist.actor, right=right, year=year, as_of=TODAY)


def test_figures_of_the_year_are_those_of_the_ledgers_and_stay(year, office) -> None:
    report = frozen_year(year, office)
    control.note_fault(
        by=office.specialist.actor, use=year.uses.get(), grade=FaultGrade.MINOR, text="Sau khi chốt", found_on=TODAY
    )
    report.refresh_from_db()

    wanted = {
        "members_before": 0, "applied": 1, "act_grant": 1, "members_now": 1, "plots": 1, "lots": 1,
        "certified": "100.000", "ordered": 300, "issued": 120, "stamped": "60.000", "voided": 20, "faults": 1,
        "incident_infringement": 1, "fees_asked": 500_000, "fee_grant": 500_000, "results": 2, "results_failed": 0,
    }  # fmt: skip
    assert {key: figure(report.snapshot, key) for key in wanted} == wanted
    assert is_whole(report.snapshot, report.sha256)
    members = next(one for one in report.snapshot["grids"] if one["key"] == "members")
    assert members["rows"][0][0] == "HTX Điều Bù Gia"
    assert members["rows"][0][7:] == ["100.000", "50.000", 120, 20]


def test_year_before_has_nobody_and_a_year_to_come_is_refused(year, office) -> None:
    assert figure(frozen_year(year, office, 2025).snapshot, "members_now") == 0
    with pytest.raises(Refused):
        frozen_year(year, office, 2027)


def test_report_is_issued_by_a_leader_with_both_files_and_corrected_by_the_next(year, office) -> None:
    report = frozen_year(year, office)
    with pytest.raises(MarkStepRefused):
        frozen_year(year, office)
    with pytest.raises(Refused):
        year_reports.issue_year(by=office.head.actor, report=report, on=TODAY)
    year_reports.write_year(
        by=office.specialist.actor, report=report, words={"assessment": "Quản lý nền nếp.", "proposals": "Mở rộng."}
    )
    with pytest.raises(Forbidden):
        year_reports.issue_year(by=office.specialist.actor, report=report, on=TODAY)
    year_reports.issue_year(by=office.head.actor, report=report, on=TODAY)

    assert (report.state, report.document_number) == (YearReportState.ISSUED, "01/BC-SHTT")
    assert report.word is not None
    assert report.workbook is not None
    with pytest.raises(MarkStepRefused):
        year_reports.write_year(by=office.specialist.actor, report=report, words={"assessment": "Khác"})
    correction = frozen_year(year, office)
    assert (correction.number, correction.corrects, correction.assessment) == (2, report, "Quản lý nền nếp.")


def test_report_whose_figures_were_touched_is_not_issued(year, office) -> None:
    report = frozen_year(year, office)
    year_reports.write_year(by=office.specialist.actor, report=report, words={"assessment": "Tốt."})
    report.snapshot["figures"][5]["value"] = 99
    report.save()

    with pytest.raises(MarkStepRefused):
        year_reports.issue_year(by=office.head.actor, report=report, on=TODAY)


def test_screens_freeze_write_issue_and_give_word_and_excel(client_for, year, office) -> None:
    keeper, head = client_for(office.specialist), client_for(office.head)

    made = keeper.post(reverse("mark_year_new", args=[year.code]), {"year": "2026"})
    report = YearReport.objects.get()
    words = {"assessment": "Quản lý nền nếp.", "difficulties": "", "proposals": "", "version": report.version}
    written = keeper.post(reverse("mark_year_edit", args=[report.code]), words)
    report.refresh_from_db()
    address = reverse("mark_year_issue", args=[report.code])
    issued = head.post(address, {"on": "20/11/2026", "version": report.version})

    assert [one.status_code for one in (made, written, issued)] == [302, 302, 302]
    page = keeper.get(reverse("mark_year", args=[report.code])).content.decode()
    assert report.sha256 in page
    assert "HTX Điều Bù Gia" in page
    word = keeper.get(reverse("mark_year_paper", args=[report.code, "docx"])).getvalue()
    text = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    assert "Quản lý nền nếp." in text
    assert report.sha256 in text
    sheet = keeper.get(reverse("mark_year_paper", args=[report.code, "xlsx"])).getvalue()
    table = read_table(sheet, "bao-cao.xlsx", expected_titles=["Chỉ tiêu", "Số liệu"])
    assert any("Tem đã cấp" in str(row) for row in table.rows)
    assert keeper.get(reverse("mark_years", args=[year.code])).status_code == 200
