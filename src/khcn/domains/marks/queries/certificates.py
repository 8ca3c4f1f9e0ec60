"""The certificate of a right to use as a paper: Word and PDF with a QR that leads to its public page."""

from datetime import date

from khcn.domains.marks.models import UseRight
from khcn.domains.marks.queries.register import right_on
from khcn.standards.nd30.document import (
    CERTIFICATE,
    Issuer,
    KeyValues,
    OfficialDocument,
    Paragraph,
    QrCode,
    Signature,
)


def certificate_of(use: UseRight, address: str, on: date) -> OfficialDocument:
    """The certificate as it reads on a day. address: of the public page that verifies it."""
    now = right_on(use.right, on)
    issuer = now.manager.name if now.manager else "Cơ quan quản lý"
    products = ", ".join(use.products.values_list("name", flat=True))
    pairs = (
        ("Quyền sở hữu công nghiệp", use.right.name), ("Số giấy chứng nhận đăng ký", use.right.registration_number),
        ("Tổ chức, cá nhân được sử dụng", use.holder), ("Địa chỉ", use.address), ("Sản phẩm", products),
        ("Số thửa đã xét", str(use.plots.count())), ("Quyết định", use.decision),
        ("Có hiệu lực từ", f"{use.granted_on:%d/%m/%Y}" if use.granted_on else ""),
        ("Đến trước ngày", f"{use.valid_to:%d/%m/%Y}" if use.valid_to else ""),
    )  # fmt: skip
    return OfficialDocument(
        Issuer(issuer), CERTIFICATE, f"Quyền sử dụng {use.right.name}",
        (
            Paragraph(f"Số: {use.number}"), KeyValues(pairs),
            Paragraph("Người được cấp tuân thủ bản mô tả, quy chế quản lý và chịu kiểm soát theo kế hoạch."),
            QrCode(address, "Quét mã để xem quyền sử dụng còn hiệu lực hay không."),
        ),
        issued_on=use.granted_on,
        signatures=(Signature("Người có thẩm quyền", note="(Ký, ghi rõ họ tên, đóng dấu)"),),
    )  # fmt: skip
