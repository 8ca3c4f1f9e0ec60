"""Small tables that people type as lines: classes, products, parameters of a specification. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from khcn.lib.failure import Refused
from khcn.lib.text import fold

YES = frozenset({"co", "x", "bat buoc", "yes"})


@dataclass(frozen=True, slots=True)
class ClassLine:
    """A class of Nice and its goods."""

    number: int
    goods: str


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product that may bear the mark."""

    name: str
    most_kg_per_ha: Decimal | None = None
    raw_per_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """What a specification asks; product: name of one of the right's products, empty for all."""

    name: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    wording: str = ""
    method: str = ""
    product: str = ""
    is_critical: bool = True


def read_classes(text: str) -> list[ClassLine]:
    """ "29: Hạt điều đã chế biến" per line. Raises Refused that names the line."""
    found = []
    for number, line in _lines(text):
        head, colon, goods = line.partition(":")
        if not colon or not head.strip().isdecimal() or not 1 <= int(head) <= 45 or not goods.strip():
            raise Refused(f"Dòng {number}: ghi số nhóm từ 1 đến 45, dấu hai chấm rồi hàng hóa.", field="classes")
        found.append(ClassLine(int(head), goods.strip()[:500]))
    _once(found, [one.number for one in found], "classes")
    return found


def read_products(text: str) -> list[ProductLine]:
    """ "Tên; kg/ha/năm; kg nguyên liệu cho 1 kg" per line, the numbers may be left out. Raises Refused."""
    found = []
    for number, line in _lines(text):
        parts = _parts(line, 3)
        if not parts[0]:
            raise Refused(f"Dòng {number}: ghi tên sản phẩm.", field="products")
        most, raw = (_number(part, number, "products") for part in parts[1:])
        if (most is not None and most <= 0) or (raw is not None and raw <= 0):
            raise Refused(f"Dòng {number}: số phải lớn hơn 0.", field="products")
        found.append(ProductLine(parts[0][:200], most, raw))
    _once(found, [fold(one.name) for one in found], "products")
    return found


def read_parameters(text: str) -> list[ParameterLine]:
    """ "Chỉ tiêu; đơn vị; thấp nhất; cao nhất; yêu cầu; phương pháp; sản phẩm; bắt buộc" a line. Refused."""
    found = []
    for number, line in _lines(text):
        name, unit, low, high, wording, method, product, critical = _parts(line, 8)
        found.append(
            checked_parameter(
                ParameterLine(
                    name, unit, _number(low, number, "parameters"), _number(high, number, "parameters"), wording,
                    method,
                    product, not critical or fold(critical) in YES,
                ),
                number,
            )
        )  # fmt: skip
    _once(found, [(fold(one.name), fold(one.product)) for one in found], "parameters")
    return found


def checked_parameter(line: ParameterLine, number: int) -> ParameterLine:
    """The line, if it asks for something that can be met. Raises Refused that names it."""
    if not line.name:
        raise Refused(f"Dòng {number}: ghi tên chỉ tiêu.", field="parameters")
    if line.minimum is None and line.maximum is None and not line.wording:
        raise Refused(f"Dòng {number}: ghi giới hạn hoặc yêu cầu bằng lời.", field="parameters")
    if line.minimum is not None and line.maximum is not None and line.minimum > line.maximum:
        raise Refused(f"Dòng {number}: giá trị thấp nhất lớn hơn giá trị cao nhất.", field="parameters")
    return line


def within(value: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    """Whether a measured value keeps both limits; a limit that is None is none."""
    return (minimum is None or value >= minimum) and (maximum is None or value <= maximum)


def class_text(rows: Iterable[ClassLine]) -> str:
    """The lines as they are typed."""
    return "\n".join(f"{row.number}: {row.goods}" for row in rows)


def product_text(rows: Iterable[ProductLine]) -> str:
    """The lines as they are typed."""
    return "\n".join(_joined((row.name, plain(row.most_kg_per_ha), plain(row.raw_per_kg))) for row in rows)


def parameter_text(rows: Iterable[ParameterLine]) -> str:
    """The lines as they are typed."""
    return "\n".join(
        _joined(
            (row.name, row.unit, plain(row.minimum), plain(row.maximum), row.wording, row.method, row.product,
             "" if row.is_critical else "không")
        )
        for row in rows
    )  # fmt: skip


def plain(number: Decimal | None) -> str:
    """A number as it is typed in Vietnamese, without trailing zeros."""
    return "" if number is None else f"{number.normalize():f}".replace(".", ",")


def _joined(parts: Sequence[str]) -> str:
    return "; ".join(parts).rstrip("; ")


def _lines(text: str) -> list[tuple[int, str]]:
    return [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]


def _parts(line: str, count: int) -> list[str]:
    parts = [part.strip() for part in line.split(";")]
    return [*parts, *[""] * count][:count]


def _number(text: str, line: int, field: str) -> Decimal | None:
    if not text:
        return None
    try:
        value = Decimal(text.replace(" ", "").replace(",", "."))
    except InvalidOperation as error:
        raise Refused(f"Dòng {line}: “{text}” không phải là số.", field=field) from error
    if not value.is_finite():
        raise Refused(f"Dòng {line}: “{text}” không phải là số.", field=field)
    return value


def _once(rows: Sequence[object], keys: Sequence[object], field: str) -> None:
    if len(set(keys)) != len(rows):
        raise Refused("Có dòng ghi hai lần cùng một mục.", field=field)
