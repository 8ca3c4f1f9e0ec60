"""The papers of a dossier as documents of NĐ 30/2020: receipt, requests, refusal, apology, stop, control slip."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from khcn.domains.onestop.choices import PaperKind, ReturnMethod
from khcn.domains.onestop.models import Dossier
from khcn.domains.onestop.queries.law import paper_form
from khcn.domains.onestop.rules.form_sets import PaperForm
from khcn.kernel.orgs.models import Organisation
from khcn.kernel.procedures.choices import RunState
from khcn.lib.dates import format_moment
from khcn.lib.money import format_vnd
from khcn.standards.nd30.document import (
    Block,
    Issuer,
    Mark,
    OfficialDocument,
    Paragraph,
    QrCode,
    Run,
    Signature,
    Table,
    TableColumn,
)
from khcn.standards.nd30.forms import SIGN_NOTE, form_document


def issuer_of(organisation: Organisation) -> Issuer:
    """The letterhead of an organisation."""
    return Issuer(organisation.name, organisation.parent.name if organisation.parent else "")


def paper_document(
    dossier: Dossier, kind: PaperKind, *, on: date, signer: str = "", reason: str = "", until: datetime | None = None
) -> tuple[PaperForm, OfficialDocument]:
    """A paper of the dossier under the form in force on the day. reason: what is asked, or why; until: a new promise.

    Raises NoFormInForce.
    """
    form = paper_form(kind, on)
    facts, body, title = _contents(dossier, kind, reason, until)
    issuing = dossier.deciding if kind in (PaperKind.APOLOGY, PaperKind.STOP) else dossier.receiving
    number = f"Mẫu số {form.number} " if form.number else "Mẫu "
    document = form_document(
        title=form.title, issuer=issuer_of(issuing), facts=facts,
        body=[*body, Paragraph((Run(f"({number}theo {form.basis})", italic=True),))], place=place_of(issuing),
        issued_on=on, signers=(Signature(title, signer, note=SIGN_NOTE),),
        mark=Mark.ILLUSTRATION if dossier.is_illustration else Mark.NONE,
    )  # fmt: skip
    return form, document


def place_of(organisation: Organisation) -> str:
    """Where papers are dated: the last part of the address, or dots."""
    last = organisation.address.split(",")[-1].strip()
    return last.removeprefix("tỉnh ").removeprefix("Tỉnh ") or "………"


def control_lines(dossier: Dossier) -> list[tuple[str, str, str, str, str, str]]:
    """Lines of the control slip: step, unit, person, received, handed on, timeliness – from the engine's runs."""
    if dossier.case is None:
        return []
    runs = dossier.case.runs.filter(state__in=[RunState.DONE, RunState.RETURNED], done_by__isnull=False)
    return [
        (
            run.name, str(run.organisation or ""), str(run.done_by or ""), _moment(run.ready_at), _moment(run.done_at),
            "" if run.due_at is None or run.done_at is None else "Đúng hạn" if run.done_at <= run.due_at else "Quá hạn",
        )
        for run in runs.select_related("organisation", "done_by__person").order_by("done_at", "id")
    ]  # fmt: skip


def _contents(
    dossier: Dossier, kind: PaperKind, reason: str, until: datetime | None
) -> tuple[list[tuple[str, str]], Sequence[Block], str]:
    who = [
        ("Mã hồ sơ", dossier.code or dossier.tracking), ("Người nộp", dossier.applicant_name),
        ("Số điện thoại", dossier.applicant_phone), ("Thủ tục", dossier.procedure.title),
    ]  # fmt: skip
    if kind is PaperKind.RECEIPT:
        facts = [
            *who, ("Tiếp nhận lúc", _moment(dossier.received_at)), ("Hẹn trả kết quả", _moment(dossier.appointment_at)),
            ("Cách nhận kết quả", ReturnMethod(dossier.return_method).label),
            ("Phí, lệ phí", format_vnd(dossier.procedure.fee_vnd) if dossier.procedure.fee_vnd else "Không"),
            ("Mã tra cứu", dossier.tracking),
        ]  # fmt: skip
        return facts, [_components(dossier), _qr_code(dossier)], "Người tiếp nhận hồ sơ"
    if kind is PaperKind.SUPPLEMENT:
        return (
            [*who, ("Nội dung cần bổ sung", reason)],
            [
                Paragraph(
                    "Đề nghị người nộp bổ sung đủ các nội dung trên; thời gian chờ bổ sung không tính vào thời hạn."
                )
            ],
            "Người yêu cầu",
        )
    if kind is PaperKind.REFUSAL:
        return (
            [*who, ("Lý do từ chối", reason)],
            [Paragraph("Xin thông báo để người nộp được biết.")],
            "Người tiếp nhận",
        )
    if kind is PaperKind.APOLOGY:
        facts = [
            *who,
            ("Hẹn trả lần đầu", _moment(dossier.appointment_at)),
            ("Lý do chậm", reason),
            ("Hẹn lại", _moment(until)),
        ]
        return (
            facts,
            [Paragraph(f"{dossier.deciding.name} xin lỗi vì chưa trả được kết quả đúng hẹn và hẹn lại như trên.")],
            "Thủ trưởng cơ quan",
        )
    if kind is PaperKind.STOP:
        return (
            [*who, ("Lý do dừng", reason)],
            [Paragraph("Hồ sơ được dừng giải quyết từ ngày ký.")],
            "Thủ trưởng cơ quan",
        )
    table = Table(
        (
            TableColumn("Bước", 2), TableColumn("Bộ phận", 2), TableColumn("Người giao", 1.5),
            TableColumn("Nhận lúc", 1.3), TableColumn("Giao lúc", 1.3), TableColumn("Kết quả", 1),
        ),
        control_lines(dossier) or [("Chưa có bước nào hoàn thành", "", "", "", "", "")],
    )  # fmt: skip
    return [*who, ("Hạn trả", _moment(dossier.case.due_at if dossier.case else None))], [table], "Người lập phiếu"


def _components(dossier: Dossier) -> Table:
    counted: dict[int | None, int] = {}
    for file in dossier.files.all():
        counted[file.component_id] = counted.get(file.component_id, 0) + 1

    def received(component: int) -> str:
        found = ["bản giấy"] if component in dossier.papers_received else []
        if counted.get(component):
            found.append(f"{counted[component]} tệp")
        return ", ".join(found) or "–"

    rows = [
        (str(place), component.name, str(component.originals), str(component.copies), received(component.pk))
        for place, component in enumerate(dossier.procedure.components.all(), start=1)
    ]
    columns = (
        TableColumn("TT", 0.5), TableColumn("Giấy tờ", 4), TableColumn("Bản chính", 0.8), TableColumn("Bản sao", 0.8),
        TableColumn("Đã nhận", 1.1),
    )  # fmt: skip
    return Table(columns, rows or [("", "Không yêu cầu giấy tờ kèm theo", "", "", "")])


def _qr_code(dossier: Dossier) -> QrCode:
    """Leads to the dossier's page on the citizen's site; holds its code where the site's address is not set."""
    if not settings.PUBLIC_ADDRESS:
        return QrCode(dossier.tracking, f"Mã tra cứu {dossier.tracking}: nhập hoặc quét tại trang tra cứu hồ sơ.")
    address = settings.PUBLIC_ADDRESS.rstrip("/") + reverse("public_track", args=[dossier.tracking])
    return QrCode(address, f"Quét mã để theo dõi hồ sơ, hoặc nhập mã tra cứu {dossier.tracking}.")


def _moment(at: datetime | None) -> str:
    return "" if at is None else format_moment(timezone.localtime(at))
