"""Reads XML that a stranger sent: no document type, no entities, no network, bounded size and depth.

Knows nothing of CAP beyond the limits that make sense for an alert.
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from khcn.standards.cap.findings import UnreadableCap

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 200_000


def parse(content: bytes) -> etree._Element:
    """Return the root element. Raises UnreadableCap, with the line, for what is no XML or is not safe to read."""
    if not content.strip():
        raise UnreadableCap("Tệp rỗng; hãy gửi lại tệp cảnh báo đầy đủ.")
    if len(content) > MAX_BYTES:
        raise UnreadableCap(f"Tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; một bản tin CAP không cần lớn như vậy.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        line = fault.lineno or 0
        raise UnreadableCap(
            f"Không phải XML đúng cú pháp (dòng {line}): {fault.msg}. Hãy lấy lại tệp gốc từ nơi phát hành.", line
        ) from fault
    except (ValueError, LookupError) as fault:  # an encoding that nobody knows, text declared as bytes
        raise UnreadableCap(f"Không đọc được bảng mã của tệp: {fault}. Hãy lưu lại tệp theo UTF-8.") from fault
    if root.getroottree().docinfo.doctype:
        raise UnreadableCap("Tệp có khai báo DOCTYPE; vì an toàn, hệ thống không đọc. Hãy bỏ khai báo đó.", 1)
    _refuse_excess(root)
    return root


def _refuse_excess(root: etree._Element) -> None:
    depth = 0
    elements = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        depth += 1
        elements += 1
        if depth > MAX_DEPTH or elements > MAX_ELEMENTS:
            raise UnreadableCap("Tệp lồng quá nhiều cấp hoặc có quá nhiều phần tử; đây không phải một bản tin CAP.")


def name_of(element: etree._Element) -> tuple[str, str]:
    """Return namespace and local name; ("", "") for what is no element."""
    if not isinstance(element.tag, str):
        return "", ""
    qualified = etree.QName(element)
    return qualified.namespace or "", qualified.localname


def pointer_to(element: etree._Element) -> str:
    """Return an XPath of local names, each repeated one counted from 1: /alert/info[2]/area/polygon."""
    steps: list[str] = []
    at: etree._Element | None = element
    while at is not None:
        parent = at.getparent()
        name = name_of(at)[1] or "node()"
        if parent is not None:
            twins = [child for child in parent if child.tag == at.tag]
            if len(twins) > 1:
                name = f"{name}[{twins.index(at) + 1}]"
        steps.append(name)
        at = parent
    return "/" + "/".join(reversed(steps))
