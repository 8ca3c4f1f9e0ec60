"""Read money in đồng from text, the total of a plan, and its funding sources."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from khcn.domains.programme.rules.plan_reading.model import Passage
from khcn.domains.programme.rules.plan_reading.numerals import NUMBER, SCALES, read_number
from khcn.lib.money import UnreadableAmount, parse_words
from khcn.standards.officialdoc import Block, Node, Span, fold

_AMOUNT = re.compile(
    rf"(?P<number>(?<![\d.,])(?:{NUMBER}|\d{{1,3}}(?:\.\d{{3}})+))\s*(?P<scale>(?:(?:nghìn|ngàn)\s+)?(?:tỷ|tỉ|"
    rf"triệu|nghìn|ngàn|tr\.?(?=\s?đ)))?\s*"
    r"(?P<currency>đồng|vnđ|vnd|đ(?=[\s.,;)]|$))",
    re.IGNORECASE,
)
_LEADING_SCALE = re.compile(r"(?<![\d.,])(\d{1,6}(?:,\d+)?)\s*(tỷ|tỉ|triệu)\s+$", re.IGNORECASE)
_TOTAL = re.compile(
    r"tong (?:nhu cau |muc |du toan |cong |so |nguon )?(?:kinh phi|von|muc dau tu|dau tu|du toan|cong)|tong cong|"
    r"kinh phi (?:du kien|thuc hien|khai toan)"
    r"|du kien (?:tong )?kinh phi|nhu cau kinh phi|khai toan|du toan kinh phi|tong nhu cau|tong kinh phi|"
    r"du kien kinh phi|tong so"
)
_SOURCE = re.compile(
    r"ngan sach|nguon|(?<!\w)von|tai tro|doi ung|xa hoi hoa|quy (?:phat trien|dau tu|kh)|\boda\b|su nghiep|"
    r"vien tro|hop phap khac|dong gop|lien doanh|doanh nghiep"
)
_LISTS_SOURCES = re.compile(
    r"^(?:các\s+)?nguồn(?:\s+(?:kinh phí|vốn|lực|tài chính)[^:.;,]{0,40})?\s*:\s*\S", re.IGNORECASE
)
_RATE = re.compile(
    r"\s*(?:/|(?:cho\s+)?(?:mỗi|một|từng)\s+(?:năm|nhiệm vụ|dự án|đề tài|mô hình|huyện|xã|doanh nghiệp)\b)",
    re.IGNORECASE,
)
_NAMES_SOURCE = re.compile(r"^(?:nguồn\s+(?!kinh phí\s+thực)|vốn\s|ngân sách\s)", re.IGNORECASE)
_PART = re.compile(r"trong do|ngan sach|\bvon\b|\bgom\b|su nghiep|doi ung|nguon (?!kinh phi)")
_NOT_SOURCE = re.compile(
    r"^(?:viec |so tai chinh|hang nam,? |can cu |cac so|lap du toan|giao |ubnd |co quan|don vi|noi dung chi|"
    r"muc chi|quan ly|thanh quyet toan)"
)
_FROM_SOURCES = re.compile(
    r"(?:(?:từ|bằng|gồm|bao gồm|sử dụng)\s+|trong đó\s*:?\s*|do\s+(?=ngân sách|nguồn)|"
    r"^(?:các\s+)?nguồn(?:\s+(?:kinh phí|vốn|lực|tài chính)[^:.;]{0,40})?\s*:\s*)(?:các\s+)?"
    r"(?:nguồn(?:\s+(?:kinh phí|vốn|lực))?(?:\s+(?:gồm|sau|như))?\s*:?\s*)?(?P<list>(?:[^.:]|\.(?=\d)){0,200}?"
    r"(?:ngân sách|nguồn|vốn|xã hội hóa|xã hội hoá|tài trợ|đối ứng)(?:[^.]|\.(?=\d))*)",
    re.IGNORECASE,
)
_SOURCE_HEAD = (
    r"(?:nguồn|vốn|ngân sách|kinh phí|quỹ|xã hội h[óo]a|tài trợ|viện trợ|đối ứng|đóng góp|hỗ trợ|lồng ghép|huy động|"
    r"các nguồn|và các|từ|sự nghiệp|oda)"
)
_HEADED = re.compile(_SOURCE_HEAD, re.IGNORECASE)
_PARENTHESISED_WORDS = re.compile(r"\((?:bằng chữ\s*:?\s*)?([^();:]*?đồng[^();]*)")


@dataclass(frozen=True, slots=True)
class Amount:
    """Money at [start, end) of a text, in đồng."""

    vnd: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Total:
    """The total of the plan: amount, where it stands, the words that repeat it, and whether they agree (None: no
    words).
    """

    vnd: int
    span: Span
    in_words: str | None
    words_agree: bool | None
    confidence: float


def read_amounts(text: str) -> tuple[Amount, ...]:
    """Return the sums of money named in `text`, in đồng ("12.500 triệu đồng", "1,2 tỷ đồng", "45.000.000.000 đồng")."""
    found = []
    for match in _AMOUNT.finditer(text):
        value = read_number(match.group("number"))
        if value is None:
            continue
        factor = 1
        for word in (match.group("scale") or "").lower().split():
            factor *= SCALES["triệu" if word.startswith("tr") else word]
        amount = value * Decimal(factor) + _after_scale(text, match)
        if amount == amount.to_integral_value():
            found.append(Amount(int(amount), match.start(), match.end()))
    return tuple(found)


def _after_scale(text: str, match: re.Match[str]) -> int:
    """Return what "52 tỷ 400 triệu đồng" names before its last number: 52 tỷ."""
    before = _LEADING_SCALE.search(text, max(0, match.start() - 30), match.start())
    value = read_number(before.group(1)) if before else None
    return 0 if before is None or value is None else int(value * SCALES[before.group(2).lower()])


def find_total(blocks: Sequence[Block], *, trusted: bool) -> Total | None:
    """Return the plan's total among `blocks`: the sum a phrase calls total, before a sum of parts; None when there
    is none.

    trusted: the blocks stand in the money section, where a lone amount is the total even when nothing calls it so.
    """
    best: tuple[float, Total] | None = None
    for block in blocks:
        for amount in read_amounts(block.text):
            if _RATE.match(block.text, amount.end):
                continue  # "1.250 triệu đồng/năm" is no total
            score = _score(block, amount, trusted=trusted)
            if score > 0:
                total = _total(block, amount, min(0.95, 0.5 + score / 10))
                if best is None or score > best[0] or (score == best[0] and score < 4 and amount.vnd > best[1].vnd):
                    best = (score, total)
    return best[1] if best else None


def _score(block: Block, amount: Amount, *, trusted: bool) -> float:
    before = fold(block.text[max(0, amount.start - 140) : amount.start])
    clause = re.split(r"[;.]\s", before)[-1]
    called = list(_TOTAL.finditer(clause))
    if called:
        # "trong đó: ngân sách tỉnh 30 tỷ" is a part even though the same sentence names the total.
        between = clause[called[-1].end() :]
        if _PART.search(between) and not re.search(r"giai doan", between):
            return 1.0
        if read_amounts(between.replace(" dong", " đồng")):
            return 1.0
        if re.search(r"nam \d{4}(?! ?-)", between):
            return 4.5 if "tong" in called[-1].group() else 1.0
        return 5.0 if "tong" in called[-1].group() else 4.0
    if not trusted:
        return 0.0
    if re.search(r"trong do|ngan sach|nguon|von|doi ung|tai tro|xa hoi|su nghiep|nam \d{4}(?! ?-)", clause):
        return 1.0
    return 2.0


def _total(block: Block, amount: Amount, confidence: float) -> Total:
    words = _PARENTHESISED_WORDS.search(block.text, amount.end)
    spelled = words.group(1).strip() if words else None
    if spelled and re.search(r"\d", spelled):
        spelled = None
    agree = _agree(spelled, amount.vnd) if spelled else None
    return Total(
        amount.vnd, block.span_of(amount.start, amount.end), spelled, agree, confidence - 0.3 * (agree is False)
    )


def _agree(spelled: str, vnd: int) -> bool | None:
    """Whether the words spell the amount; None when they are no amount."""
    try:
        return parse_words(re.split(r"(?<=đồng)", spelled)[0]) == vnd
    except UnreadableAmount:
        return None


def read_sources(nodes: Sequence[Node]) -> list[Passage]:
    """Return the funding sources under the money section: its items that name one, else the list in its sentences."""
    items: list[Passage] = []
    listed = _listed_as_sources(nodes)
    for node in nodes:
        if node.is_table:
            continue
        if _LISTS_SOURCES.match(node.text) and not _has_items(node):
            items += _sources_in_sentence(node.block)
        elif node.style is not None and not _has_items(node) and (_is_source(node) or id(node) in listed):
            items.append(_passage(node))
    if items:
        return items
    found = [source for node in nodes if not node.is_table for source in _sources_in_sentence(node.block)]
    if found:
        return found
    leaves = [node for node in nodes if not node.is_table and not node.children and len(node.text) < 420]
    return [_passage(node) for node in leaves if _NAMES_SOURCE.match(node.text)]


def _has_items(node: Node) -> bool:
    # A plain paragraph after an item that has ended is no part of it.
    if node.children and not node.text.rstrip().endswith((".", ";")):
        return True
    return any(child.style is not None or child.is_table for child in node.children)


def _listed_as_sources(nodes: Sequence[Node]) -> frozenset[int]:
    """Return the items of a list in which most items are sources: the others are sources too."""
    listed: set[int] = set()
    for parent in nodes:
        items = [c for c in parent.children if c.style is not None and not _has_items(c)]
        styles = {item.style for item in items}
        sources = [item for item in items if _is_source(item)]
        if len(styles) == 1 and len(sources) >= 2 and len(sources) * 2 >= len(items):
            listed |= {
                id(item)
                for item in items
                if len(item.text) < 200
                and not _NOT_SOURCE.match(fold(item.text[:160]))
                and not _TOTAL.search(fold(item.text[:90]))
            }
    return frozenset(listed)


def _is_source(node: Node) -> bool:
    text = fold(node.text[:160])
    head = text[:90]
    if _NOT_SOURCE.match(text) or not _SOURCE.search(head) or len(node.text) > 420:
        return False
    if (
        _TOTAL.search(head)
        and read_amounts(node.text)
        and not re.match(r"(?:nguon |von |ngan sach|kinh phi su nghiep|tu )", head)
    ):
        return False
    return not node.text.rstrip().endswith(":") and not _is_sentence_of_sources(node)


def _is_sentence_of_sources(node: Node) -> bool:
    """Whether the item is a sentence that lists several sources rather than one source."""
    text = fold(node.text)
    starts = re.match(
        r"(?:nguon|von|ngan sach|kinh phi (?:tu|su nghiep)|tu nguon|quy|xa hoi|tai tro|huy dong|cac nguon|"
        r"long ghep|doi ung|kinh phi long)",
        text,
    )
    return starts is None and bool(re.search(r"kinh phi (?:thuc hien|trien khai|de).*(?:tu|gom|bao gom|bang|do)", text))


def _passage(node: Node) -> Passage:
    amounts = read_amounts(node.text)
    return Passage(node.text.strip(" ;.,"), node.block.span, 0.9, amounts[0].vnd if len(amounts) >= 1 else None)


def sum_of_parts(nodes: Sequence[Node]) -> Total | None:
    """Return the sum of a list in which every item is an amount of its own (by source or by year), None when no list
    is so; a doubtful total, for a person to check.
    """
    for parent in nodes:
        items = [c for c in parent.children if c.style is not None and not c.is_table]
        amounts = [read_amounts(item.text) for item in items]
        if len(items) >= 2 and all(amounts) and all(_is_part(item) for item in items):
            span = items[0].block.span.joined(items[-1].block.span)
            return Total(sum(found[0].vnd for found in amounts), span, None, None, 0.6)
    return None


def _is_part(node: Node) -> bool:
    return bool(
        _is_source(node) or _SOURCE.search(fold(node.text[:90])) or re.match(r"(?:năm|giai đoạn)\s+20", node.text, re.I)
    )


def _sources_in_sentence(block: Block) -> list[Passage]:
    found = _FROM_SOURCES.search(block.text)
    if found is None:
        return []
    return [
        Passage(
            part,
            block.span_of(found.start("list"), found.end("list")),
            0.7,
            amounts[0].vnd if (amounts := read_amounts(part)) else None,
        )
        for part in _split_sources(found.group("list"))
    ]


def _split_sources(text: str) -> Iterator[str]:
    # Where semicolons divide the list, commas stand within its items.
    several = text.strip(" .;").count(";")
    divider = r"\s*;\s*(?:và\s+)?|\s+và\s+(?=(?:các\s+)?nguồn\b)"
    if not several:
        divider = rf",\s*(?:và\s+)?(?={_SOURCE_HEAD}\b)|\s+và\s+(?={_SOURCE_HEAD}\b)"
    for part in re.split(divider, text, flags=re.IGNORECASE):
        cleaned = part.strip(" ,;.")
        if cleaned and (_SOURCE.search(fold(cleaned)) or _HEADED.match(cleaned)):
            yield cleaned
