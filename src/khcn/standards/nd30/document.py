"""What an administrative document says, without how it looks: frozen values that the writers turn into Word or PDF."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: its title in capitals (empty for a letter) and its abbreviation in the notation.

    is_form: council papers and certificates, which carry neither number nor recipients. has_date: minutes carry their
    time in the text (Phụ lục III, mẫu 1.9).
    """

    title: str
    abbreviation: str = ""
    is_form: bool = False
    has_date: bool = True


# Abbreviations: NĐ 30/2020/NĐ-CP, Phụ lục III, mục I.
REPORT = DocumentKind("BÁO CÁO", "BC")
LETTER = DocumentKind("", "")  # công văn
SUBMISSION = DocumentKind("TỜ TRÌNH", "TTr")
DECISION = DocumentKind("QUYẾT ĐỊNH", "QĐ")
NOTICE = DocumentKind("THÔNG BÁO", "TB")
PLAN = DocumentKind("KẾ HOẠCH", "KH")
MINUTES = DocumentKind("BIÊN BẢN", "BB", has_date=False)
CERTIFICATE = DocumentKind("GIẤY CHỨNG NHẬN", is_form=True)
FORM = DocumentKind("PHIẾU", is_form=True)

STANDARD_KINDS = (REPORT, LETTER, SUBMISSION, DECISION, NOTICE, PLAN, MINUTES, CERTIFICATE, FORM)


@dataclass(frozen=True)
class Issuer:
    """The issuing body and, above it, the body it belongs to (empty if none); written in capitals when rendered.

    A line break in a name is kept in the letterhead ("Hội đồng tư vấn\ntuyển chọn").
    """

    name: str
    parent: str = ""


@dataclass(frozen=True)
class DocumentNumber:
    """Number within the year (None until the registry gives one) and notation, "BC-SKHCN"."""

    notation: str
    number: int | None = None


@dataclass(frozen=True)
class Run:
    """A piece of text with its own weight or slant."""

    text: str
    bold: bool = False
    italic: bool = False


Inline = str | Sequence[Run]


class HeadingLevel(Enum):
    """Parts of a body, largest first (Mục II.6.đ). The value is the outline level."""

    PART = 1  # Phần I, title in capitals, centred
    SECTION = 2  # I. TITLE IN CAPITALS
    ARTICLE = 3  # Điều 1. Title
    CLAUSE = 4  # 1. Title
    POINT = 5  # a) title


@dataclass(frozen=True)
class Heading:
    """A heading: level, label ("I", "1", "a", "Điều 1", "Phần I") and text; punctuation comes with the level."""

    level: HeadingLevel
    label: str
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of body text, justified, first line indented unless told otherwise."""

    content: Inline
    indent: bool = True
    centred: bool = False


@dataclass(frozen=True)
class ListItems:
    """Paragraphs that each begin with the same mark ("-" or "+")."""

    items: Sequence[Inline]
    mark: str = "-"


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


@dataclass(frozen=True)
class TableColumn:
    """A column: heading, share of the width (weight), alignment of its cells, and the heading above it, if grouped.

    Neighbours with the same group share one merged cell in a first header row.
    """

    title: str
    weight: float = 1.0
    align: Align = Align.LEFT
    group: str = ""


@dataclass(frozen=True)
class TableRow:
    """A row of texts, one per column. bold: totals. is_group: only the first text is shown, across all columns."""

    cells: Sequence[str]
    bold: bool = False
    is_group: bool = False


@dataclass(frozen=True)
class Table:
    """A table; its header rows repeat on every page. unit_note: "Đơn vị tính: triệu đồng", at the right above it."""

    columns: Sequence[TableColumn]
    rows: Sequence[TableRow | Sequence[str]]
    caption: str = ""
    unit_note: str = ""
    note: str = ""


@dataclass(frozen=True)
class KeyValues:
    """Lines "label: value"; an empty value becomes a dotted line to fill in by hand."""

    pairs: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class BlankLines:
    """Dotted lines to write on by hand."""

    count: int = 3


@dataclass(frozen=True)
class CheckBoxes:
    """Choices with a box to tick; at most one index is already ticked."""

    choices: Sequence[str]
    ticked: int | None = None


@dataclass(frozen=True)
class QrCode:
    """A QR code with a caption beside it. content: what a phone reads, an address or a code."""

    content: str
    caption: str = ""


Block = Heading | Paragraph | ListItems | Table | KeyValues | BlankLines | CheckBoxes | QrCode


class Authority(StrEnum):
    """By what right a person signs (Mục II.7.b)."""

    COLLECTIVE = "TM."  # thay mặt tập thể
    ACTING = "Q."  # quyền cấp trưởng
    DEPUTY = "KT."  # ký thay
    BY_ORDER = "TL."  # thừa lệnh
    BY_DELEGATION = "TUQ."  # thừa ủy quyền


@dataclass(frozen=True)
class Signature:
    """Who signs: title ("Giám đốc"), full name without degrees, and the authority with whom it comes from.

    on_behalf_of: the body after TM., the head's title after KT., TL., TUQ. note: "(Ký, ghi rõ họ tên)" on forms.
    """

    title: str
    name: str = ""
    authority: Authority | None = None
    on_behalf_of: str = ""
    note: str = ""


@dataclass(frozen=True)
class Annex:
    """An annex on its own pages, numbered from 1 again; landscape for wide tables."""

    title: str
    body: Sequence[Block]
    landscape: bool = False


class Mark(StrEnum):
    """A visible mark on every page of a document that is not an official one."""

    NONE = ""
    DRAFT = "DỰ THẢO"
    ILLUSTRATION = "MINH HỌA"


@dataclass(frozen=True)
class OfficialDocument:
    """One document.

    subject: "Kết quả thực hiện…", without "V/v". subtitle of the kind: kind_title replaces the kind's own title
    ("PHIẾU ĐÁNH GIÁ HỒ SƠ"). addressees: after "Kính gửi". signatures: one = the usual place beside the recipients;
    several = side by side, left to right (minutes). recipients: after "Nơi nhận", without dashes and punctuation;
    archive: what follows "Lưu:", empty for none. issued_on None leaves the date open for the signing day.
    """

    issuer: Issuer
    kind: DocumentKind
    subject: str
    body: Sequence[Block]
    number: DocumentNumber | None = None
    place: str = ""
    issued_on: date | None = None
    kind_title: str = ""
    grounds: Sequence[str] = ()
    addressees: Sequence[str] = ()
    signatures: Sequence[Signature] = ()
    recipients: Sequence[str] = ()
    archive: str = ""
    annexes: Sequence[Annex] = field(default=())
    mark: Mark = Mark.NONE

    @property
    def title(self) -> str:
        """The title in capitals; empty for a letter."""
        return (self.kind_title or self.kind.title).upper()

    @property
    def is_letter(self) -> bool:
        return not self.title
