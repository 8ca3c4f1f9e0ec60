"""What every paper of the pipeline shares: the issuing body of its day, the mark of illustrations, amounts."""

from datetime import date

from khcn.kernel.orgs.models import Organisation
from khcn.lib.money import format_vnd, in_words
from khcn.standards.nd30.document import Issuer, Mark


def issuer_of(organisation: Organisation | None, name: str = "") -> Issuer:
    """The letterhead of a body: its name and, above it, that of the body it belongs to."""
    if organisation is None:
        return Issuer(name or "Sở Khoa học và Công nghệ")
    return Issuer(organisation.name, organisation.parent.name if organisation.parent else "")


def mark_of(is_illustration: bool) -> Mark:
    """Illustrations carry a visible mark on every page."""
    return Mark.ILLUSTRATION if is_illustration else Mark.NONE


def money(amount_vnd: int | None) -> str:
    """1.200.000.000 đồng (Một tỷ hai trăm triệu đồng); empty for None."""
    return "" if amount_vnd is None else f"{format_vnd(amount_vnd)} ({in_words(amount_vnd)})"


def day(on: date | None) -> str:
    """dd/mm/yyyy; empty for None."""
    return "" if on is None else f"{on:%d/%m/%Y}"
