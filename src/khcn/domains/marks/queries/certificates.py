"""Certificates as papers: of a right to use, with a QR to its public page, and of a lot with its verdict."""

from datetime import date

from django.db.models import F, Sum

from khcn.domains.marks.models import CertifiedLot, UseRight
from khcn.domains.marks.queries.register import right_on
from khcn.domains.marks.queries.verdicts import LotVerdict
from khcn.lib.money import format_number
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


def lot_certificate_of(lot: CertifiedLot, verdict: LotVerdict | None, address: str, on: date) -> OfficialDocument:
    """The certificate of a lot: the verdict of the day it was certified, that of `on`, and what was stamped.

    address: of the public page of the right to use.
    """
    use = lot.use
    now = right_on(use.right, on)
    stamps = lot.issues.aggregate(count=Sum(F("last") - F("first") + 1))["count"] or 0
    pairs = [
        ("Quyền sở hữu công nghiệp", use.right.name), ("Người sử dụng", f"{use.holder} ({use.number})"),
        ("Sản phẩm", lot.product.name), ("Số lô", lot.lot_code), ("Mã truy vết", lot.lot_uri),
        ("Ngày tạo lô", f"{lot.made_on:%d/%m/%Y}"), ("Khối lượng được chứng nhận, kg", format_number(lot.kg)),
        ("Kết luận khi chứng nhận", lot.get_outcome_display()),  # type: ignore[attr-defined]
        ("Phần từ khu vực", _part(lot.least, lot.most)), ("Tem đã cấp", format_number(stamps)),
    ]  # fmt: skip
    if verdict is not None:
        pairs.append((f"Kết luận ngày {on:%d/%m/%Y}", verdict.verdict.outcome.label))
        pairs.append((f"Phần từ khu vực ngày {on:%d/%m/%Y}", _part(verdict.verdict.low, verdict.verdict.high)))
    reasons = verdict.verdict.reasons if verdict is not None else tuple(lot.reasons)
    return OfficialDocument(
        Issuer(now.manager.name if now.manager else "Cơ quan quản lý"), CERTIFICATE,
        f"Lô hàng mang {use.right.name}",
        (
            KeyValues(tuple(pairs)), *(Paragraph(reason) for reason in reasons),
            QrCode(address, "Quét mã để xem quyền sử dụng còn hiệu lực hay không."),
        ),
        issued_on=lot.certified_on,
        signatures=(Signature("Người có thẩm quyền", note="(Ký, ghi rõ họ tên, đóng dấu)"),),
    )  # fmt: skip


def _part(least: float, most: float) -> str:
    low, high = round(least * 100), round(most * 100)
    return f"{low}%" if low == high else f"từ {low}% đến {high}%"
