"""The risks and opportunities of a system on the 5×5 scale, cell by cell (6.1)."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import product

from khcn.domains.qms.choices import Level
from khcn.domains.qms.models import QualitySystem, Risk
from khcn.domains.qms.rules.risks import level_of

SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class RiskCell:
    """A cell of the matrix: likelihood, impact, its band, and who stands there."""

    likelihood: int
    impact: int
    level: Level
    risks: tuple[Risk, ...]


def risk_cells(system: QualitySystem, *, after: bool) -> list[list[RiskCell]]:
    """Rows from the likeliest down, columns by rising impact, of what is open; as judged before treatment or after it.

    What was not judged again after treatment stands where it stood before. One query.
    """
    found: dict[tuple[int, int], list[Risk]] = defaultdict(list)
    for risk in Risk.objects.filter(system=system, closed_on=None).order_by("code"):
        judged = (risk.likelihood_after, risk.impact_after)
        likelihood, impact = judged if after and all(judged) else (risk.likelihood, risk.impact)
        found[likelihood or risk.likelihood, impact or risk.impact].append(risk)
    cells = {at: RiskCell(*at, level_of(*at), tuple(found[at])) for at in product(SCALE, SCALE)}
    return [[cells[likelihood, impact] for impact in SCALE] for likelihood in reversed(SCALE)]
