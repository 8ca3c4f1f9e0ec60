"""What every paper of the pipeline shares: the issuing body of its day, the mark of illustrations, amounts."""

from collections.abc import Sequence
from datetime import date

from khcn.kernel.orgs.models import Organisation
from khcn.lib.money import format_vnd, in_words
from khcn.standards.nd30.document import Block, Issuer, KeyValues, Mark, Paragraph, Run


def issuer_of(organisation: Organisation | None, name: str = "") -> Issuer:
    """The letterhead of a body: its name and, above it, that of the body it belongs to."""
    if organisation is None:
        return Issuer(name or "Sở Khoa học và Công nghệ")
    return Issuer(organisation.name, organisation.parent.name if organisation.parent else "")


def place_of(organisation: Organisation | None) -> str:
    """Where a body's papers are dated: the last part of its address, or dots to write it by hand."""
    parts = organisation.address.split(",") if organisation is not None else []
    place = parts[-1].strip().removeprefix("tỉnh ").removeprefix("Tỉnh ") if parts else ""
    return place or "………………"


def fact_lines(pairs: Sequence[tuple[str, str]]) -> list[Block]:
    """Lines "label: value", justified as body text is; an empty value becomes a dotted line to fill in by hand."""
    lines: list[Block] = []
    for label, value in pairs:
        if value.strip():
            lines.append(Paragraph((Run(f"{label}: ", bold=True), Run(value))))
        else:
            lines.append(KeyValues(((label, ""),)))
    return lines


def mark_of(is_illustration: bool) -> Mark:
    """Illustrations carry a visible mark on every page."""
    return Mark.ILLUSTRATION if is_illustration else Mark.NONE


def money(amount_vnd: int | None) -> str:
    """1.200.000.000 đồng (Một tỷ hai trăm triệu đồng); empty for None."""
    return "" if amount_vnd is None else f"{format_vnd(amount_vnd)} ({in_words(amount_vnd)})"


def day(on: date | None) -> str:
    """dd/mm/yyyy; empty for None."""
    return "" if on is None else f"{on:%d/%m/%Y}"
