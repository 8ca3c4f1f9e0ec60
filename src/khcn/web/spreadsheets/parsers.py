"""Turns one cell into a typed value, or says in Vietnamese what is wrong with it; knows nothing of rows and files."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Protocol

from khcn.lib.dates import format_date, parse_date_vi
from khcn.lib.money import LARGEST_VND, format_number, parse_vnd
from khcn.lib.text import fold, nfc
from khcn.lib.unreadable import Unreadable
from khcn.web.spreadsheets.table import CellValue

# Excel counts days from here (it believes that 1900 was a leap year, hence not the 31st).
_EXCEL_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 73_415  # 01/01/1950 to 31/12/2100
_ERROR_VALUES = frozenset(("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"))
# "triệu đồng", "1.000 đồng", "(đồng)", "ĐVT: tỷ"; never "hội đồng", "tỷ lệ".
_MONEY_UNIT = re.compile(
    r"\b(?P<size>nghin|ngan|trieu|ty|ti|1\.?000\.?000|1\.?000)\s*(?:dong|vnd|d)\b(?! thuan)"
    r"|[(:]\s*(?P<alone>nghin|ngan|trieu|ty|ti|dong|vnd|d)\s*(?:[).]|$)"
)
_UNIT_NAMES = {
    **dict.fromkeys(("nghin", "ngan", "1000"), "nghìn"),
    **dict.fromkeys(("trieu", "1000000"), "triệu"),
    **dict.fromkeys(("ty", "ti"), "tỷ"),
    **dict.fromkeys(("dong", "vnd", "d"), "đồng"),
}
_UNIT_SIZES = {"đồng": 1, "nghìn": 10**3, "triệu": 10**6, "tỷ": 10**9}


class CellRefused(Exception):
    """The cell's value cannot be taken; the message is a whole Vietnamese sentence for the user."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)


class CellParser(Protocol):
    """What a column needs: parse a filled cell; say what to write (for templates); an example."""

    @property
    def guide(self) -> str: ...

    @property
    def example(self) -> str: ...

    def parse(self, value: CellValue) -> Any:
        """The typed value of a cell that is not blank. Raises CellRefused."""
        ...


@dataclass(frozen=True)
class TextParser:
    """Text with spaces and Unicode form set right; max_length in characters."""

    max_length: int = 5_000
    example: str = ""

    @property
    def guide(self) -> str:
        return f"Chữ, không quá {format_number(self.max_length)} ký tự."

    def parse(self, value: CellValue) -> str:
        text = plain_text(value)
        if len(text) > self.max_length:
            raise CellRefused(f"Nội dung dài {len(text)} ký tự, vượt quá {self.max_length} ký tự cho phép.")
        return text


@dataclass(frozen=True)
class CodeParser:
    """A code without inner spaces, in capitals: "kh-01" gives "KH-01". pattern is matched on the result."""

    pattern: str = r"[0-9A-ZĐ][0-9A-ZĐ./_-]{0,49}"
    example: str = "NV-2025-01"

    @property
    def guide(self) -> str:
        return f"Mã gồm chữ hoa, số, dấu chấm, gạch ngang, gạch chéo, không có khoảng trắng. Ví dụ {self.example}."

    def parse(self, value: CellValue) -> str:
        text = plain_text(value).upper()
        if not re.fullmatch(self.pattern, text):
            raise CellRefused(f"Mã “{text}” không đúng dạng. {self.guide}")
        return text


@dataclass(frozen=True)
class IntegerParser:
    """A whole number between minimum and maximum, written 1234 or 1.234."""

    minimum: int = 0
    maximum: int = 10**12
    example: str = "12"

    @property
    def guide(self) -> str:
        return f"Số nguyên từ {format_number(self.minimum)} đến {format_number(self.maximum)}."

    def parse(self, value: CellValue) -> int:
        number = _number(value)
        if number.denominator != 1:
            raise CellRefused(f"“{plain_text(value)}” không phải là số nguyên. {self.guide}")
        if not self.minimum <= number <= self.maximum:
            raise CellRefused(f"Số {format_number(int(number))} nằm ngoài khoảng cho phép. {self.guide}")
        return int(number)


@dataclass(frozen=True)
class DecimalParser:
    """A number with at most `places` decimals, written 12,5; a dot followed by three digits groups thousands."""

    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(10**12)
    places: int = 4
    example: str = "12,5"

    @property
    def guide(self) -> str:
        return f"Số từ {format_number(self.minimum)} đến {format_number(self.maximum)}, dấu phẩy trước phần thập phân."

    def parse(self, value: CellValue) -> Decimal:
        number = _number(value)
        result = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal(1).scaleb(-self.places))
        if not self.minimum <= result <= self.maximum:
            raise CellRefused(f"Số {format_number(result)} nằm ngoài khoảng cho phép. {self.guide}")
        return result


@dataclass(frozen=True)
class DongParser:
    """Whole đồng as int, never negative. unit: what a bare number counts – "đồng", "nghìn", "triệu" or "tỷ"."""

    unit: str = "đồng"
    example: str = "1.250.000.000"

    @property
    def guide(self) -> str:
        return "Số tiền không âm: 45.000.000.000 hoặc 45 tỷ hoặc 12,5 triệu."

    def parse(self, value: CellValue) -> int:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise CellRefused(f"“{plain_text(value)}” không phải là số tiền. {self.guide}")
        if isinstance(value, str):
            bare = not re.search(r"[^\W\d_]|₫", value)
            text = f"{value} {self.unit}" if bare and self.unit != "đồng" else value
            try:
                return parse_vnd(text)
            except Unreadable as error:
                raise CellRefused(error.message) from error
        amount = _exact(value) * _UNIT_SIZES[self.unit]
        if amount < 0:
            raise CellRefused(f"Số tiền {plain_text(value)} là số âm; số tiền ở đây không được âm.")
        if amount.denominator != 1:
            raise CellRefused(f"“{plain_text(value)}” có phần lẻ dưới một đồng. {self.guide}")
        if amount > LARGEST_VND:
            raise CellRefused(f"Số tiền {plain_text(value)} quá lớn; kiểm tra lại các chữ số và đơn vị tính.")
        return int(amount)


@dataclass(frozen=True)
class DateParser:
    """A date, day before month; also Excel's date cells and their serial numbers."""

    earliest: date = date(1950, 1, 1)
    latest: date = date(2100, 12, 31)
    example: str = "01/07/2025"

    @property
    def guide(self) -> str:
        return f"Ngày/tháng/năm từ {format_date(self.earliest)} đến {format_date(self.latest)}, ví dụ {self.example}."

    def parse(self, value: CellValue) -> date:
        day = self._day(value)
        if not self.earliest <= day <= self.latest:
            raise CellRefused(f"Ngày {format_date(day)} nằm ngoài khoảng cho phép. {self.guide}")
        return day

    def _day(self, value: CellValue) -> date:
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            if _FIRST_SERIAL <= value <= _LAST_SERIAL:
                return _EXCEL_EPOCH + timedelta(days=int(value))
            if value == int(value) and 7 <= len(str(int(value))) <= 8:
                value = f"{int(value):08d}"  # 01072025 that Excel took for a number
        text = plain_text(value)
        if re.fullmatch(r"\d{4}", text):
            raise CellRefused(f"“{text}” chỉ có năm. {self.guide}")
        try:
            return parse_date_vi(text)
        except Unreadable as error:
            raise CellRefused(error.message) from error


@dataclass(frozen=True)
class YearParser:
    """A year as int; a date gives its year."""

    minimum: int = 1990
    maximum: int = 2100
    example: str = "2025"

    @property
    def guide(self) -> str:
        return f"Năm gồm bốn chữ số, từ {self.minimum} đến {self.maximum}."

    def parse(self, value: CellValue) -> int:
        if isinstance(value, date):
            year = value.year
        else:
            match = re.fullmatch(r"(?:nam )?(\d{4})", fold(plain_text(value)))
            if not match:
                raise CellRefused(f"“{plain_text(value)}” không phải là năm. {self.guide}")
            year = int(match.group(1))
        if not self.minimum <= year <= self.maximum:
            raise CellRefused(f"Năm {year} nằm ngoài khoảng cho phép. {self.guide}")
        return year


@dataclass(frozen=True)
class YearsParser:
    """The years something runs as (first, last): "2022 - 2024", "2023", "Quý II/2026", "từ năm 2022 đến năm 2025"."""

    minimum: int = 1990
    maximum: int = 2100
    example: str = "2022 - 2024"

    @property
    def guide(self) -> str:
        return f"Một năm hoặc hai năm, năm đầu không sau năm cuối, từ {self.minimum} đến {self.maximum}."

    def parse(self, value: CellValue) -> tuple[int, int]:
        text = str(value.year) if isinstance(value, date) else plain_text(value)
        years = [int(year) for year in re.findall(r"(?<!\d)\d{4}(?!\d)", text)]
        if short := re.search(r"(?<!\d)(\d{2})(\d{2})\s*[-–]\s*(\d{2})(?!\d)", text):
            years = [int(short.group(1) + short.group(2)), int(short.group(1) + short.group(3))]
        if not years or len(years) > 2:
            raise CellRefused(f"“{text}” không cho biết thời gian thực hiện. {self.guide}")
        if years[0] > years[-1] or not all(self.minimum <= year <= self.maximum for year in years):
            raise CellRefused(f"Thời gian “{text}” không hợp lệ. {self.guide}")
        return years[0], years[-1]


@dataclass(frozen=True)
class ChoiceParser:
    """One of a list: choices are (stored value, Vietnamese label); matched without regard to case and diacritics."""

    choices: Sequence[tuple[str, str]]

    @property
    def guide(self) -> str:
        return "Chọn một trong: " + "; ".join(label for _, label in self.choices) + "."

    @property
    def example(self) -> str:
        return self.choices[0][1] if self.choices else ""

    def parse(self, value: CellValue) -> str:
        text = fold(plain_text(value))
        for stored, label in self.choices:
            if text in (fold(label), fold(stored)):
                return stored
        raise CellRefused(f"“{plain_text(value)}” không có trong danh mục. {self.guide}")


def plain_text(value: CellValue) -> str:
    """The cell as a person reads it: 12.0 is "12", a date is dd/mm/yyyy, spaces are single but lines are kept."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    if isinstance(value, date):
        return format_date(value)
    lines = (" ".join(line.split()) for line in nfc(str(value)).splitlines())
    return "\n".join(line for line in lines if line)


def is_error_value(value: CellValue) -> bool:
    """True for what a broken formula leaves in a cell: #REF!, #N/A …"""
    return isinstance(value, str) and value.strip().upper() in _ERROR_VALUES


def money_unit_in(text: str) -> str | None:
    """The unit of money that a heading or a note names: "Kinh phí (triệu đồng)" gives "triệu"; None when it names none.

    "đồng" is returned for plain đồng. Other units ("ha", "nhiệm vụ") are none.
    """
    match = _MONEY_UNIT.search(fold(text))
    if match is None:
        return None
    return _UNIT_NAMES[(match["size"] or match["alone"]).replace(".", "")]


def _exact(value: int | float) -> Fraction:
    # repr is the shortest decimal that a person could have typed; the binary fraction behind it is not.
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _number(value: CellValue) -> Fraction:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _exact(value)
    text = plain_text(value).replace(" ", "").replace("−", "-")
    grouped = re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d+)?", text)
    plain = re.fullmatch(r"-?\d+([.,]\d+)?", text)
    if not grouped and not plain:
        raise CellRefused(f"“{plain_text(value)}” không phải là số. Ghi số như 1.234 hoặc 12,5.")
    try:
        return Fraction(Decimal((text.replace(".", "") if grouped else text).replace(",", ".")))
    except InvalidOperation as error:
        raise CellRefused(f"“{plain_text(value)}” không phải là số. Ghi số như 1.234 hoặc 12,5.") from error
