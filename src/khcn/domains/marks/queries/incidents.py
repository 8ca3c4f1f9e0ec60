"""The paper with which a report goes to the inspecting body: what was seen, and its evidence with digests."""

from django.utils import timezone

from khcn.domains.marks.choices import IncidentAct, IncidentKind
from khcn.domains.marks.models import Incident
from khcn.domains.marks.queries.register import right_on
from khcn.standards.nd30.document import (
    LETTER,
    Align,
    Block,
    Issuer,
    KeyValues,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)


def hand_over_paper(incident: Incident) -> OfficialDocument:
    """The letter of the managing body; the number is given by its clerk."""
    day = incident.handed_on or timezone.localdate()
    now = right_on(incident.right, day)
    note = incident.steps.filter(act=IncidentAct.HAND_OVER).values_list("note", flat=True).first() or ""
    pairs = (
        ("Mã tin báo", incident.code), ("Loại", IncidentKind(incident.kind).label), ("Quyền", incident.right.name),
        ("Số giấy chứng nhận đăng ký", incident.right.registration_number),
        ("Nhận ngày", f"{timezone.localdate(incident.received_at):%d/%m/%Y}"),
        ("Ngày thấy", f"{incident.happened_on:%d/%m/%Y}" if incident.happened_on else ""),
        ("Nơi thấy", incident.place), ("Bên bị phản ánh", incident.suspect), ("Mã tem", incident.stamp_code),
        ("Số lô", incident.lot_code), ("Nội dung", incident.text), ("Đã xác minh", note),
    )  # fmt: skip
    files = [
        (str(number), one.title, one.file.sha256)
        for number, one in enumerate(incident.evidence.select_related("file"), start=1)
    ]
    blocks: list[Block] = [
        Paragraph("Kính chuyển quý cơ quan hồ sơ dưới đây để xem xét, xử lý theo thẩm quyền."),
        KeyValues(tuple(pair for pair in pairs if pair[1])),
    ]
    if files:
        columns = (TableColumn("STT", 0.5, Align.CENTRE), TableColumn("Chứng cứ", 2.0), TableColumn("SHA-256", 3.0))
        blocks.append(Table(columns, files, caption="Chứng cứ kèm theo"))
    blocks.append(Paragraph("Đề nghị quý cơ quan ghi kết quả xử lý vào hệ thống hoặc gửi lại cho chúng tôi."))
    return OfficialDocument(
        Issuer(now.manager.name if now.manager else "Cơ quan quản lý"), LETTER,
        f"Chuyển hồ sơ có dấu hiệu xâm phạm {incident.right.name}", blocks, issued_on=incident.handed_on,
        addressees=(incident.handed_to.name,) if incident.handed_to else (), recipients=("Như trên",), archive="VT",
        signatures=(Signature("NGƯỜI CÓ THẨM QUYỀN"),),
    )  # fmt: skip
