"""The words of a report: its five sections, and sentences computed from the figures that a person then edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from khcn.lib.money import format_number, format_short_vnd

from .snapshot import percent_text

#: Sections of a periodic report, in order: key and title.
SECTIONS: Final = (
    ("results", "Kết quả thực hiện"),
    ("limits", "Hạn chế và nguyên nhân"),
    ("difficulties", "Khó khăn, vướng mắc"),
    ("directions", "Phương hướng, nhiệm vụ thời gian tới"),
    ("proposals", "Kiến nghị, đề xuất"),
)
Figures = Mapping[str, Any]


def opening_sentences(form: str, figures: Figures) -> dict[str, str]:
    """Return the first draft of every section, paragraphs parted by a line break; sections without figures are empty.

    form: "R1" … "R12". figures: the snapshot's. Every number in a sentence is one of the figures.
    """
    texts = {key: "" for key, _ in SECTIONS}
    texts |= _WRITERS[form](figures)
    texts["difficulties"] = texts["difficulties"] or _difficulties(figures)
    return texts


def _n(value: Any) -> str:
    number = int(value or 0)
    return f"{number:02d}" if 0 < number < 10 else format_number(number)


def _vnd(value: Any) -> str:
    return format_short_vnd(int(value or 0))


def _share(value: Any) -> str:
    return "chưa có" if value is None else percent_text(Decimal(str(value)))


def _difficulties(f: Figures) -> str:
    if "issues_open" not in f:
        return ""
    if not f["issues_open"]:
        return "Trong kỳ không có khó khăn, vướng mắc nào đang chờ giải quyết."
    text = f"Hiện có {_n(f['issues_open'])} khó khăn, vướng mắc đang được giải quyết"
    if f.get("issues_late"):
        text += f", trong đó {_n(f['issues_late'])} vướng mắc đã quá hạn trả lời"
    return text + "."


def _plan(f: Figures) -> dict[str, str]:
    results = [
        f"Đến ngày chốt số liệu, có {_n(f['achieved'])}/{_n(f['targets'])} chỉ tiêu của Kế hoạch đã đạt.",
        f"Trong kỳ phê duyệt mới {_n(f['tasks_approved'])} nhiệm vụ, nghiệm thu {_n(f['tasks_accepted'])} nhiệm vụ; "
        f"lũy kế có {_n(f['tasks_total'])} nhiệm vụ thuộc Kế hoạch.",
        f"Kinh phí đã thanh toán lũy kế {_vnd(f['paid_vnd'])}, đạt {_share(f['paid_share'])} tổng kinh phí dự kiến.",
    ]
    limits = []
    if f["at_risk"]:
        limits.append(f"Còn {_n(f['at_risk'])} chỉ tiêu không đạt hoặc có nguy cơ không đạt.")
    if f["clocks_late"]:
        limits.append(f"Có {_n(f['clocks_late'])} bước thực hiện đang quá thời hạn quy định.")
    directions = "Tiếp tục đôn đốc các nhiệm vụ đang thực hiện, hoàn thành các chỉ tiêu chưa đạt của Kế hoạch."
    proposals = ""
    if f.get("gap_vnd", 0) > 0:
        proposals = f"Đề nghị bố trí {_vnd(f['gap_vnd'])} kinh phí chưa xác định nguồn để thực hiện Kế hoạch."
    return {"results": "\n".join(results), "limits": "\n".join(limits), "directions": directions,
            "proposals": proposals}  # fmt: skip


def _tasks(f: Figures) -> dict[str, str]:
    limits = f"Có {_n(f['late'])} nhiệm vụ đang chậm so với thời hạn quy định." if f["late"] else ""
    return {
        "results": f"Tổng số {_n(f['tasks'])} nhiệm vụ: {_n(f['running'])} đang thực hiện, {_n(f['accepted'])} đã "
        f"nghiệm thu đạt, {_n(f['lost'])} không đạt, chấm dứt hoặc hủy.",
        "limits": limits,
        "directions": "Đôn đốc các tổ chức chủ trì thực hiện đúng tiến độ hợp đồng đã ký." if f["late"] else "",
    }


def _funding(f: Figures) -> dict[str, str]:
    return {
        "results": f"Kế hoạch vốn {_vnd(f['planned_vnd'])}; dự toán đã giao {_vnd(f['granted_vnd'])}; đã phân bổ "
        f"{_vnd(f['allocated_vnd'])}; đã thanh toán {_vnd(f['paid_vnd'])}, bằng {_share(f['paid_share'])} kế hoạch.\n"
        f"Vốn đối ứng: cam kết {_vnd(f['pledged_vnd'])}, đã chứng minh {_vnd(f['proven_vnd'])}, đã chi "
        f"{_vnd(f['spent_vnd'])}.",
        "limits": f"Dư tạm ứng chưa thanh toán {_vnd(f['uncleared_vnd'])}." if f["uncleared_vnd"] else "",
        "proposals": f"Đề nghị xác định nguồn cho {_vnd(f['gap_vnd'])} còn thiếu so với tổng kinh phí của Kế hoạch."
        if f["gap_vnd"] > 0
        else "",
    }


def _products(f: Figures) -> dict[str, str]:
    return {
        "results": f"Có {_n(f['products'])} sản phẩm đã đặt hàng, {_n(f['accepted'])} sản phẩm nghiệm thu đạt, "
        f"{_n(f['applied'])} sản phẩm được ứng dụng có xác nhận của đơn vị ứng dụng.",
        "limits": f"Còn {_n(f['waiting'])} sản phẩm đã nghiệm thu nhưng chưa đủ minh chứng ứng dụng."
        if f["waiting"]
        else "",
    }


def _issues(f: Figures) -> dict[str, str]:
    return {
        "results": f"Trong kỳ phát sinh {_n(f['raised'])} khó khăn, vướng mắc; đã trả lời {_n(f['answered'])}, xác "
        f"nhận giải quyết xong {_n(f['closed'])}."
    }


def _closing(f: Figures) -> dict[str, str]:
    return {
        "results": f"Có {_n(f['tasks'])} nhiệm vụ đến hạn hoặc đã nộp hồ sơ nghiệm thu; {_n(f['accepted'])} nghiệm thu "
        f"đạt, {_n(f['registered'])} được cấp giấy chứng nhận đăng ký, {_n(f['recognised'])} được công nhận, "
        f"{_n(f['liquidated'])} đã thanh lý hợp đồng.",
        "limits": f"Có {_n(f['late'])} nhiệm vụ chậm ít nhất một bước." if f["late"] else "",
    }


def _uptake(f: Figures) -> dict[str, str]:
    return {
        "results": f"Lũy kế {_n(f['accepted'])} nhiệm vụ nghiệm thu đạt, {_n(f['applied'])} nhiệm vụ có kết quả được "
        f"ứng dụng; giá trị làm lợi được xác nhận {_vnd(f['benefit_vnd'])}; {_n(f['rights'])} quyền sở hữu trí tuệ.",
        "limits": f"Còn {_n(f['idle'])} nhiệm vụ chưa được ứng dụng." if f["idle"] else "",
    }


def _inspections(f: Figures) -> dict[str, str]:
    return {
        "results": f"Trong kỳ kiểm tra {_n(f['done'])}/{_n(f['planned'])} cuộc theo kế hoạch; {_n(f['with_advice'])} "
        f"cuộc có kiến nghị, {_n(f['complied'])} kiến nghị đã được chấp hành."
    }


def _next_year(f: Figures) -> dict[str, str]:
    new = "chưa có căn cứ để ước" if f["new_vnd"] is None else _vnd(f["new_vnd"])
    return {
        "results": f"Ước thực hiện năm {f['year']}: {_vnd(f['expected_vnd'])}, trong đó 6 tháng đầu năm đã thanh toán "
        f"{_vnd(f['first_half_vnd'])}.",
        "directions": f"Năm {f['next_year']} chuyển tiếp {_n(f['carried'])} nhiệm vụ với {_vnd(f['carried_vnd'])}; dự "
        f"kiến mở mới {_n(f['planned_new'])} nhiệm vụ, kinh phí {new}.",
        "proposals": f"Đề nghị bố trí dự toán năm {f['next_year']} là {_vnd(f['total_vnd'])}.",
    }


def _contracts(f: Figures) -> dict[str, str]:
    return {
        "results": f"Trong kỳ phê duyệt {_n(f['approved'])} nhiệm vụ với {_vnd(f['approved_vnd'])}; ký "
        f"{_n(f['signed'])} hợp đồng với {_vnd(f['signed_vnd'])} ngân sách nhà nước."
    }


def _duties(f: Figures) -> dict[str, str]:
    return {
        "results": f"Kế hoạch giao {_n(f['duties'])} việc; {_n(f['done'])} việc đã hoàn thành, {_n(f['in_progress'])} "
        "việc đang thực hiện.",
        "limits": f"Còn {_n(f['silent'])} việc chưa có báo cáo của đơn vị được giao." if f["silent"] else "",
    }


def _ad_hoc(f: Figures) -> dict[str, str]:
    return {"results": f"Có {_n(f['tasks'])} nhiệm vụ phù hợp với yêu cầu báo cáo."}


_WRITERS: Final[dict[str, Callable[[Figures], dict[str, str]]]] = {
    "R1": _plan, "R2": _tasks, "R3": _funding, "R4": _products, "R5": _issues, "R6": _closing, "R7": _uptake,
    "R8": _inspections, "R9": _next_year, "R10": _contracts, "R11": _duties, "R12": _ad_hoc,
}  # fmt: skip
