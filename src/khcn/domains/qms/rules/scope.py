"""What an announcement said of the scope against what is in force now."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScopeDifference:
    """Codes that came in, went out, or stand in another issue than announced (an amendment needs no new paper).

    Source of the duty to announce again: QĐ 19/2014/QĐ-TTg, Điều 4 khoản 3.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    reissued: tuple[str, ...]

    @property
    def needs_announcement(self) -> bool:
        """True when the scope was widened, narrowed or adjusted."""
        return bool(self.added or self.removed)

    @property
    def sentence(self) -> str:
        """What changed, in Vietnamese; empty when nothing did."""
        parts = []
        if self.added:
            parts.append(f"thêm {', '.join(self.added)}")
        if self.removed:
            parts.append(f"bớt {', '.join(self.removed)}")
        return "; ".join(parts)


def compare(announced: Iterable[tuple[str, int]], in_force: Iterable[tuple[str, int]]) -> ScopeDifference:
    """Compare announced (code, issue) pairs with those in force."""
    before, now = dict(announced), dict(in_force)
    return ScopeDifference(
        added=tuple(sorted(now.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - now.keys())),
        reissued=tuple(sorted(code for code in now.keys() & before.keys() if now[code] != before[code])),
    )
