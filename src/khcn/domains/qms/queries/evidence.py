"""What a verdict counted, put into words: kinds of records with how many, and their identities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t

from khcn.lib.labelled import gettext_noop as _

TITLES = {
    "announcement": _("Bản công bố còn giá trị"),
    "covered": _("Thủ tục, quy trình đã có quy trình ISO"),
    "covered_in_grace": _("Thủ tục mới, còn trong thời gian chuẩn bị"),
    "audits": _("Đợt đánh giá nội bộ đã kết thúc"),
    "reviews": _("Cuộc xem xét của lãnh đạo đủ đầu vào"),
    "major_overdue": _("Sự không phù hợp nặng quá hạn"),
    "dossiers": _("Hồ sơ của năm"),
    "dossiers_late": _("Hồ sơ trễ hạn"),
    "reads_late": _("Lượt đọc tài liệu trễ hạn"),
    "obsolete_forms": _("Lần dùng biểu mẫu hết hiệu lực"),
    "objectives": _("Mục tiêu của năm"),
    "nonconformities_due": _("Sự không phù hợp đến hạn trong năm"),
    "complaints": _("Phản ánh, kiến nghị"),
    "complaints_late": _("Phản ánh trả lời trễ"),
    "surveys": _("Điểm khảo sát hài lòng trên điểm tối đa"),
}
"""Kind of record, as `year_facts` names it → what it is called, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class CountedRecords:
    """One kind of record: its title, how many, what each is known by, and the digest of a list too long to show."""

    title: str
    count: str
    uids: tuple[str, ...] = ()
    sha256: str = ""


def counted_records(ids: Mapping[str, Any]) -> list[CountedRecords]:
    """Everything that a verdict's evidence names, in the order of TITLES."""
    return [_counted(name, ids[name]) for name in TITLES if name in ids]


def _counted(name: str, value: Any) -> CountedRecords:
    title = _t(TITLES[name])
    if name == "surveys" and isinstance(value, Sequence) and len(value) == 2:
        return CountedRecords(title, f"{value[0]}/{value[1]}")
    if name == "announcement":
        uid, *digest = value or [""]
        return CountedRecords(title, "1" if uid else "0", (uid,) if uid else (), digest[0] if digest else "")
    if isinstance(value, Mapping) and set(value) == {"count", "sha256"}:
        return CountedRecords(title, str(value["count"]), sha256=str(value["sha256"]))
    if isinstance(value, Mapping):
        return CountedRecords(title, str(len(value)), tuple(f"{code}: {text}" for code, text in value.items()))
    if isinstance(value, Sequence) and not isinstance(value, str):
        return CountedRecords(title, str(len(value)), tuple(map(str, value)))
    return CountedRecords(title, str(value))
