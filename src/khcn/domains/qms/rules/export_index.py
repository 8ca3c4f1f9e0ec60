"""The first page of the zip for an inspector: what it holds, how the agency stands, how to check that it is whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

FOLDERS = {
    "tai-lieu": "Tài liệu đang hiệu lực, mang dấu kiểm soát",
    "van-ban": "Bản công bố, biên bản xem xét, kế hoạch và báo cáo đánh giá nội bộ",
    "quy-trinh": "Quy trình chạy trên hệ thống: bản vẽ BPMN, bảng các bước",
    "ho-so-mau": "Nhật ký của các hồ sơ mà đánh giá nội bộ đã lấy mẫu",
    "ket-qua": "Kết quả hằng năm đã chốt kèm minh chứng",
    "so": "Các sổ theo dõi, mỗi sổ một tệp JSON",
    "": "Sổ theo dõi dạng bảng tính",
}
"""Folder of the zip → what stands in it, in the order of the index."""
_STYLE = (
    "body{font-family:'Times New Roman',serif;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.45}"
    "table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.3rem .5rem;text-align:left;"
    "vertical-align:top}code{font-size:.75rem;word-break:break-all}"
)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the zip."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A computed year: total, threshold, whose decision the parameters are, each gate and part in a line."""

    year: int
    total: str
    threshold: str
    decision: str
    is_effective: bool
    confirmed_by: str
    sha256: str
    lines: Sequence[tuple[str, str, str]]


def print_index(
    *, agency: str, code: str, made_by: str, made_at: str, files: Sequence[File], missing: Sequence[tuple[str, str]],
    years: Sequence[Standing],
) -> str:  # fmt: skip
    """The page as HTML that needs nothing beside it."""
    parts = [
        f"<h1>Hồ sơ hệ thống quản lý chất lượng – {escape(agency)}</h1>",
        f"<p>Mã cơ quan: {escape(code)}. Lập lúc {escape(made_at)}, người lập: {escape(made_by)}. "
        f"Gồm {len(files)} tệp.</p>",
    ]
    if missing:
        rows = "".join(f"<li><code>{escape(name)}</code>: {escape(why)}</li>" for name, why in missing)
        parts.append(f"<h2>Tệp không lấy được</h2><ul>{rows}</ul>")
    parts += [_standing(year) for year in years]
    for folder, title in FOLDERS.items():
        inside = [file for file in files if file.name.rpartition("/")[0] == folder]
        if inside:
            parts.append(f"<h2>{escape(title)} ({len(inside)})</h2>{_table(inside)}")
    parts.append(
        "<h2>Kiểm tra tính toàn vẹn</h2><p>Giải nén rồi chạy <code>sha256sum -c SHA256SUMS</code> trong thư mục. Dấu "
        "vết của tệp trong <code>ket-qua</code> phải trùng với dấu vết ghi trên kết quả của năm; mỗi dòng nhật ký "
        "trong <code>ho-so-mau</code> mang dấu vết của dòng trước nó.</p>"
    )
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(agency)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _standing(year: Standing) -> str:
    verdict = "áp dụng hiệu quả" if year.is_effective else "chưa đủ điều kiện áp dụng hiệu quả"
    rows = "".join(
        f"<tr><td>{escape(code)}</td><td>{escape(standing)}</td><td>{escape(sentence)}</td></tr>"
        for code, standing, sentence in year.lines
    )
    confirmed = f" Văn bản xác nhận: {escape(year.confirmed_by)}." if year.confirmed_by else " Chưa được xác nhận."
    return (
        f"<h2>Năm {year.year}: {verdict}</h2><p>Tổng điểm {escape(year.total)}, ngưỡng {escape(year.threshold)} "
        f"(tham số: {escape(year.decision)}).{confirmed} Dấu vết: <code>{escape(year.sha256)}</code></p>"
        f"<table><tr><th>Mục</th><th>Mức</th><th>Cơ sở</th></tr>{rows}</table>"
    )


def _table(files: Sequence[File]) -> str:
    rows = "".join(
        f'<tr><td><a href="{escape(file.name, quote=True)}">{escape(file.name)}</a></td><td>{file.size:,}</td>'
        f"<td><code>{file.sha256}</code></td></tr>".replace(",", ".")
        for file in files
    )
    return f"<table><tr><th>Tệp</th><th>Byte</th><th>SHA-256</th></tr>{rows}</table>"
