"""The papers of a file of software copyright: printed source, screens, the filled forms."""

from datetime import date

from django.utils import timezone

from khcn.domains.marks.errors import MarkStepRefused
from khcn.domains.marks.models import SoftwareFile
from khcn.domains.marks.queries.law import parameters_on
from khcn.domains.marks.queries.programs import read_source
from khcn.domains.marks.rules.source_print import chosen_pages, pages_of
from khcn.domains.marks.rules.source_sheet import render_screens, render_source
from khcn.kernel.documents.queries import bytes_of
from khcn.standards.nd30.document import (
    FORM,
    Align,
    Issuer,
    KeyValues,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
    TableColumn,
)


def source_pdf(software: SoftwareFile) -> bytes:
    """The first and last pages of the source as the dated rule wants them. Raises MarkStepRefused before the look."""
    if software.archive is None:
        raise MarkStepRefused("Hồ sơ chưa có mã nguồn.")
    if software.secrets_seen_at is None:
        raise MarkStepRefused("Xem các bí mật tìm thấy trong mã nguồn trước khi in.")
    limits = parameters_on(timezone.localdate())
    pages = pages_of(read_source(bytes_of(software.archive)).files, int(limits.get("software.lines_per_page", 60)))
    first, last = int(limits.get("software.first_pages", 25)), int(limits.get("software.last_pages", 25))
    title = f"{software.name} {software.edition}".strip()
    return render_source(title, chosen_pages(pages, first, last), len(pages))


def screens_pdf(software: SoftwareFile) -> bytes:
    """The screens, one a page. Raises MarkStepRefused without any."""
    screens = [(one.title, bytes_of(one.file)) for one in software.screens.select_related("file")]
    if not screens:
        raise MarkStepRefused("Hồ sơ chưa có ảnh màn hình nào.")
    return render_screens(software.name, screens)


def declaration(software: SoftwareFile) -> OfficialDocument:
    """The declaration filled in; what is not known stays a dotted line."""
    found = software.found
    pairs = (
        ("Tên chương trình", software.name), ("Phiên bản", software.edition), ("Chủ sở hữu", software.owner_name),
        ("Địa chỉ", software.owner_address), ("Tác giả", software.authors.replace("\n", "; ")),
        ("Ngày hoàn thành", f"{software.finished_on:%d/%m/%Y}" if software.finished_on else ""),
        ("Ngày công bố", f"{software.published_on:%d/%m/%Y}" if software.published_on else ""),
        ("Nội dung chính", software.summary),
        ("Số tệp mã nguồn", str(found.get("files", ""))), ("Số dòng mã nguồn", str(found.get("lines", ""))),
    )  # fmt: skip
    return OfficialDocument(
        Issuer(software.owner_name), FORM, "Đăng ký quyền tác giả đối với chương trình máy tính",
        (
            KeyValues(pairs),
            Paragraph("Chúng tôi cam đoan lời khai trên đúng sự thật và chịu trách nhiệm trước pháp luật."),
        ),
        kind_title="TỜ KHAI", signatures=(Signature("Đại diện chủ sở hữu", note="(Ký, ghi rõ họ tên, đóng dấu)"),),
    )  # fmt: skip


def commitment(software: SoftwareFile) -> OfficialDocument:
    """The authors' statement that the program was written as their work for the owner."""
    return OfficialDocument(
        Issuer(software.owner_name), FORM, "Cam đoan của tác giả",
        (
            KeyValues((("Tên chương trình", software.name), ("Tác giả", software.authors.replace("\n", "; ")))),
            Paragraph(
                f"Chúng tôi viết chương trình theo nhiệm vụ được giao; quyền tài sản thuộc {software.owner_name}."
            ),
        ),
        kind_title="GIẤY CAM ĐOAN", signatures=(Signature("Tác giả", note="(Ký, ghi rõ họ tên)"),),
    )  # fmt: skip


def inventory(software: SoftwareFile) -> OfficialDocument:
    """What the program is made of: its modules, who wrote it from when to when, and the digests that pin it down.

    Raises MarkStepRefused without source.
    """
    if software.archive is None:
        raise MarkStepRefused("Hồ sơ chưa có mã nguồn.")
    found = software.found
    modules = [
        (one["name"], ", ".join(one["languages"]), str(one["files"]), str(one["lines"]))
        for one in found.get("modules", ())
    ]  # fmt: skip
    authors = [
        (one["name"], *(f"{date.fromisoformat(one[key]):%d/%m/%Y}" for key in ("first", "last")), str(one["commits"]))
        for one in found.get("authors", ())
    ]  # fmt: skip
    history = (
        Table(
            (
                TableColumn("Tác giả", 3), TableColumn("Lần ghi đầu", align=Align.CENTRE),
                TableColumn("Lần ghi cuối", align=Align.CENTRE), TableColumn("Số lần ghi", align=Align.RIGHT),
            ),
            authors, caption="Tác giả theo thời gian",
        )
        if authors
        else Paragraph("Mã nguồn không kèm lịch sử đọc được.")
    )  # fmt: skip
    pins = (
        ("Tên chương trình", f"{software.name} {software.edition}".strip()),
        ("SHA-256 của tệp đã gửi", software.archive.sha256),
        ("Lần ghi được đọc", found.get("commit", "") or "không có"),
        ("Số tệp mã nguồn", str(found.get("files", ""))), ("Số dòng mã nguồn", str(found.get("lines", ""))),
    )  # fmt: skip
    return OfficialDocument(
        Issuer(software.owner_name), FORM, "Mô đun, tác giả và mã kiểm của chương trình máy tính",
        (
            KeyValues(pins),
            Table(
                (
                    TableColumn("Mô đun", 3), TableColumn("Ngôn ngữ", 2), TableColumn("Số tệp", align=Align.RIGHT),
                    TableColumn("Số dòng", align=Align.RIGHT),
                ),
                modules, caption="Mô đun",
            ),
            history,
        ),
        kind_title="BẢN KÊ", signatures=(Signature("Đại diện chủ sở hữu", note="(Ký, ghi rõ họ tên, đóng dấu)"),),
    )  # fmt: skip
