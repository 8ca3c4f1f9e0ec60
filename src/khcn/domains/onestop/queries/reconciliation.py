"""Compares what the portal says it has with what stands here."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from khcn.domains.onestop.choices import NationalStatus
from khcn.domains.onestop.models import Dossier


@dataclass(frozen=True, slots=True)
class Difference:
    """One dossier on which the two sides differ; numbers 1–10, None where a side does not know the dossier."""

    code: str
    ours: int | None
    theirs: int | None

    @property
    def sentence(self) -> str:
        """What is wrong."""
        if self.theirs is None:
            return "Cổng chưa có hồ sơ này."
        if self.ours is None:
            return "Cổng có hồ sơ mà hệ thống không có."
        labels = list(NationalStatus)
        theirs = labels[self.theirs - 1].label if 1 <= self.theirs <= len(labels) else str(self.theirs)
        return f"Cổng ghi “{theirs}”, hệ thống ghi “{labels[self.ours - 1].label}”."


def differences(rows: QuerySet[Dossier], theirs: Mapping[str, int]) -> list[Difference]:
    """Dossiers on which the portal's list and ours differ, by code; both ways."""
    ours = {
        code: NationalStatus(status).number
        for code, status in rows.filter(code__isnull=False).values_list("code", "status")
        if code is not None
    }
    codes = sorted(set(ours) | set(theirs))
    return [Difference(code, ours.get(code), theirs.get(code)) for code in codes if ours.get(code) != theirs.get(code)]
