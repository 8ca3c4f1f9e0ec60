"""Tell from a heading what a section of a plan is: objectives, targets, content, money, duties, background."""

import re
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from khcn.standards.officialdoc import Node, Style, fold, is_capitals


class Section(Enum):
    """What the blocks under a heading are."""

    BACKGROUND = "background"
    BASES = "bases"
    OBJECTIVES = "objectives"  # general and specific not yet told apart
    GENERAL = "general"
    TARGETS = "targets"
    REQUIREMENTS = "requirement"
    CONTENT = "content"
    SOLUTIONS = "solution"
    MONEY = "money"
    DUTIES = "duties"
    OTHER = "other"


# Tried in order; the first whose words stand in the folded heading decides.
_RULES: tuple[tuple[Section, re.Pattern[str]], ...] = tuple(
    (section, re.compile(pattern))
    for section, pattern in (
        (
            Section.BACKGROUND,
            r"^(?:khai quat |dac diem |tinh hinh|thuc trang|hien trang|ket qua (?:thuc hien|dat duoc|trien khai|"
            r"nam|giai doan)|danh gia (?:ket qua|chung|tinh|thuc)"
            r"|ton tai|han che|kho khan|nguyen nhan|boi canh|su can thiet|bai hoc|thuan loi|du bao|uu diem|tong quan)",
        ),
        (Section.BASES, r"^(?:cac )?(?:can cu|co so phap ly)"),
        (
            Section.TARGETS,
            r"^(?:cac |mot so |he thong )?(?:muc tieu,? )?(?:muc tieu cu the|chi tieu|nhom chi tieu|"
            r"muc tieu co ban|muc tieu chu yeu|muc tieu chinh$)"
            r"|muc tieu,? (?:va )?chi tieu|muc tieu (?:den|nam|giai doan|phan dau)|chi tieu (?:cu the|chu yeu|den|"
            r"nam|phan dau|co ban)",
        ),
        (Section.GENERAL, r"muc tieu (?:chung|tong quat|tong the|dinh huong|bao trum)|^tong quat$|^muc tieu lau dai"),
        (
            Section.DUTIES,
            r"to chuc (?:trien khai )?thuc hien|^(?:to chuc )?trien khai thuc hien$|phan cong|trach nhiem|"
            r"^to chuc trien khai|dieu khoan thi hanh",
        ),
        (
            Section.MONEY,
            r"(?:^| )kinh phi|^nguon (?:luc|von|kinh|tai)|nguon luc (?:thuc|tai)|co che tai chinh|du toan|"
            r"^tai chinh|nhu cau von|"
            r"von dau tu|khai toan|tong muc dau tu",
        ),
        (Section.OBJECTIVES, r"muc tieu|^ke hoach chi tieu"),
        (Section.GENERAL, r"^muc dich$"),
        (
            Section.REQUIREMENTS,
            r"^muc dich|^yeu cau|^quan diem|^nguyen tac|^phuong cham|^pham vi|^doi tuong|^thoi gian|^giai thich",
        ),
        (Section.SOLUTIONS, r"^(?:cac |mot so |nhom )?(?:nhom )?giai phap(?! ?(?:va|,) nhiem vu)|^co che,? chinh sach"),
        (
            Section.CONTENT,
            r"noi dung|nhiem vu|hoat dong|linh vuc|giai phap|cong viec|dinh huong (?:nghien cuu|phat trien|"
            r"nhiem vu|ung dung)|^chuong trinh,? (?:de an|nghien)",
        ),
        (
            Section.OTHER,
            r"^che do (?:thong tin|bao cao)|^(?:thong tin,? )?bao cao|^kiem tra|^tien do|^lo trinh|^dieu khoan|"
            r"^giam sat|^thi dua|^phu luc|^hieu qua|^de xuat, kien nghi|^kien nghi",
        ),
    )
)
_GENERIC = re.compile(
    r"^(?:cac |mot so |nhom )?(?:noi dung|nhiem vu|hoat dong|nhiem vu,? giai phap|nhiem vu va giai phap|giai phap|"
    r"linh vuc|cong viec)"
    r"(?:,? (?:va )?(?:giai phap|nhiem vu|noi dung|hoat dong))?"
    r"(?: (?:thuc hien|chu yeu|trong tam|cu the|chinh|trong tam, chu yeu|uu tien|nghien cuu|trien khai|"
    r"trong tam chu yeu|chung))*"
    r"(?: (?:den nam|nam|giai doan) [\d\s,-]+)?$"
)


@lru_cache(maxsize=2048)
def classify(heading: str) -> Section | None:
    """Return what the heading announces, or None when its words do not say."""
    folded = re.sub(r"\s+", " ", fold(heading).strip(" .:;-–()"))
    for section, pattern in _RULES:
        if pattern.search(folded):
            return section
    return None


def is_generic_content(heading: str) -> bool:
    """Whether a content heading names no field of its own ("Nhiệm vụ trọng tâm")."""
    return bool(_GENERIC.match(fold(heading).strip(" .:;-–")))


def heading_of(node: Node) -> str:
    """Return the words of `node` that act as its heading: all, or what stands before the first colon or full stop."""
    text = node.text
    if len(text) <= 110 and not text.rstrip().endswith((".", ";")):
        return text
    cut = re.match(r"^(.{3,90}?)(?::|\.(?=\s|$))", text)
    # A lone sentence is text, whatever words it holds; a heading has text after it or under it.
    return cut.group(1) if cut and (node.children or text[cut.end() :].strip()) else ""


def is_heading(node: Node) -> bool:
    """Whether `node` is a heading rather than running text."""
    if node.is_table or not node.text:
        return False
    if node.style is None:
        return bool(node.children) or is_capitals(node.text)
    if node.style.is_bullet:
        return bool(node.children)
    text = node.text.rstrip()
    return bool(node.children) or is_capitals(text) or (len(text) < 120 and not text.endswith((".", ";")))


def section_of(node: Node, inherited: Section | None) -> Section | None:
    """Return the section `node` opens within `inherited`. Headings of running text and bullets seldom change it."""
    if node.is_table:
        return inherited
    heading = heading_of(node)
    if not heading:
        return inherited
    found = classify(heading)
    if found is None:
        return inherited
    if inherited is None:
        return found
    if inherited is Section.OBJECTIVES:
        return found if found in (Section.GENERAL, Section.TARGETS, Section.REQUIREMENTS) else inherited
    if inherited in (Section.CONTENT, Section.SOLUTIONS):
        return _within_content(node, found, inherited)
    if inherited is Section.REQUIREMENTS:
        changes = (Section.GENERAL, Section.TARGETS, Section.OBJECTIVES)
        return found if found in changes and is_heading(node) else inherited
    if inherited is Section.TARGETS:
        return found if found is Section.GENERAL and len(heading.split()) <= 6 else inherited
    if inherited is Section.GENERAL:
        return found if found is Section.TARGETS and is_heading(node) else inherited
    if inherited is Section.DUTIES and found is Section.MONEY and is_heading(node) and not _names_unit(heading):
        return found
    if inherited in (Section.BACKGROUND, Section.OTHER) and _is_top(node):
        return found
    return inherited


def _within_content(node: Node, found: Section, inherited: Section) -> Section:
    short = len(heading_of(node).split()) <= 8
    if found is Section.TARGETS and short and is_heading(node):
        return found
    if found is Section.OBJECTIVES and short and fold(heading_of(node)).strip(" :").startswith("muc tieu"):
        return Section.TARGETS
    if found is Section.MONEY and is_heading(node) and short and not (node.style and node.style.is_bullet):
        return found
    if found in (Section.SOLUTIONS, Section.DUTIES) and node.style is not None and node.style <= Style.ROMAN:
        return found
    return inherited


def _names_unit(heading: str) -> bool:
    return bool(
        re.match(r"^(?:giao )?(?:cac )?(?:so|ban|ubnd|uy ban|hoi|cong an|kho bac|van phong|cuc)\b", fold(heading))
    )


def _is_top(node: Node) -> bool:
    return node.style is not None and node.style <= Style.ROMAN


def top_sections(body: Sequence[Node]) -> list[tuple[Node, Section | None]]:
    """Return each section of the plan with what it is; parts, chapters and the articles of a rule are opened up."""
    found: list[tuple[Node, Section | None]] = []
    for node in body:
        if node.is_table:
            found.append((node, None))
            continue
        own = section_of(node, None)
        wraps = node.style in (Style.PART, Style.CHAPTER, Style.SECTION, Style.UPPER_LETTER) or (
            own is None and _has_sections(node)
        )
        opened = [section_of(child, None) for child in node.children]
        told = {s for s in opened if s not in (None, own)}
        divides = node.style in (Style.PART, Style.CHAPTER, Style.SECTION) and bool(told)
        if not divides and own in (
            Section.BACKGROUND,
            Section.MONEY,
            Section.DUTIES,
            Section.TARGETS,
            Section.SOLUTIONS,
        ):
            found.append((node, own))
        elif (
            (wraps and len(told) >= 1 and node.children)
            or (own is Section.REQUIREMENTS and {Section.OBJECTIVES, Section.TARGETS} & told)
            or (
                own is Section.OBJECTIVES
                and {Section.CONTENT, Section.MONEY, Section.DUTIES}
                & {
                    s
                    for c, s in zip(node.children, opened, strict=True)
                    if c.style == Style.ARABIC and is_capitals(c.text)
                }
            )
        ):
            found += [(child, section if section is not None else own) for child, section in _opened(node, own)]
        else:
            found.append((node, own))
    return found


def _has_sections(node: Node) -> bool:
    kinds = [section_of(child, None) for child in node.children if is_heading(child)]
    return sum(1 for kind in kinds if kind is not None) >= 2


def _opened(node: Node, own: Section | None) -> list[tuple[Node, Section | None]]:
    result: list[tuple[Node, Section | None]] = []
    for child in node.children:
        inner = section_of(child, None)
        if inner is None and child.children and _has_sections(child):
            result += _opened(child, own)
        else:
            result.append((child, inner))
    return result
