"""Measures of NĐ 30/2020/NĐ-CP, Phụ lục I, Phần I: what is allowed, and what this project chooses within it.

Sizes are in points, lengths in millimetres. "Mục II.5" below means section II item 5 of that part.
"""

from dataclasses import dataclass
from typing import Final

POINTS_PER_MM: Final = 72 / 25.4

FONT: Final = "Times New Roman"  # Mục I.4
PAGE_WIDTH_MM: Final = 210.0  # Mục I.1, A4
PAGE_HEIGHT_MM: Final = 297.0


@dataclass(frozen=True)
class Span:
    """An allowed span, both ends included."""

    least: float
    most: float

    def holds(self, value: float, tolerance: float = 0.0) -> bool:
        return self.least - tolerance <= value <= self.most + tolerance


# Mục I.3
MARGIN_TOP_MM: Final = Span(20, 25)
MARGIN_BOTTOM_MM: Final = Span(20, 25)
MARGIN_LEFT_MM: Final = Span(30, 35)
MARGIN_RIGHT_MM: Final = Span(15, 20)

# Mục II.6.e
FIRST_LINE_INDENTS_MM: Final = (10.0, 12.7)
PARAGRAPH_GAP_PT: Final = 6.0
LINE_SPACING: Final = Span(1.0, 1.5)

# Mục II.2.b, II.5.b: length of the rule as a part of the line above it.
SHORT_RULE: Final = Span(1 / 3, 1 / 2)

# Allowed sizes by part of the document (Mục I.7, II, III, and the table of Mục V).
SIZE_NATIONAL_NAME: Final = Span(12, 13)
SIZE_MOTTO: Final = Span(13, 14)
SIZE_ISSUER: Final = Span(12, 13)
SIZE_NUMBER: Final = Span(13, 13)
SIZE_PLACE_DATE: Final = Span(13, 14)
SIZE_TITLE: Final = Span(13, 14)
SIZE_LETTER_SUBJECT: Final = Span(12, 13)
SIZE_BODY: Final = Span(13, 14)
SIZE_SIGNATURE: Final = Span(13, 14)
SIZE_RECIPIENTS_LABEL: Final = Span(12, 12)
SIZE_RECIPIENTS: Final = Span(11, 11)
SIZE_ANNEX_LABEL: Final = Span(14, 14)
SIZE_PAGE_NUMBER: Final = Span(13, 14)

# Our choice: the sizes of the decree's own table of examples (Mục V).
NATIONAL_NAME_PT: Final = 12
MOTTO_PT: Final = 13
ISSUER_PT: Final = 12
NUMBER_PT: Final = 13
PLACE_DATE_PT: Final = 13
TITLE_PT: Final = 14
LETTER_SUBJECT_PT: Final = 12
BODY_PT: Final = 14
SIGNATURE_PT: Final = 14
RECIPIENTS_LABEL_PT: Final = 12
RECIPIENTS_PT: Final = 11
PAGE_NUMBER_PT: Final = 14
TABLE_PT: Final = 12  # the decree fixes no size inside tables
TABLE_NOTE_PT: Final = 13  # above and below a table the text is body text

QR_MM: Final = 26.0
TOP_MM: Final = 20.0
BOTTOM_MM: Final = 20.0
LEFT_MM: Final = 30.0
RIGHT_MM: Final = 15.0
HEADER_MM: Final = 10.0  # from the edge of the paper to the page number, inside the top margin
INDENT_MM: Final = 12.7
LINES: Final = 1.15
SHORT_RULE_PART: Final = 0.4

TEXT_WIDTH_MM: Final = PAGE_WIDTH_MM - LEFT_MM - RIGHT_MM
LANDSCAPE_TEXT_WIDTH_MM: Final = PAGE_HEIGHT_MM - LEFT_MM - RIGHT_MM
LETTERHEAD_LEFT_MM: Final = 68.0
SIGNATURE_LEFT_MM: Final = 80.0
SIGNATURE_SPACE_PT: Final = 64.0  # room for a signature and a stamp

NATIONAL_NAME: Final = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO: Final = "Độc lập - Tự do - Hạnh phúc"
