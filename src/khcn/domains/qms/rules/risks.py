"""The 5×5 scale of risks: a product of likelihood and impact, in four bands."""

from khcn.domains.qms.choices import Level

# Bands of our own; a province may print its own scale beside them.
BANDS = ((15, Level.EXTREME), (10, Level.HIGH), (5, Level.MEDIUM), (1, Level.LOW))


def magnitude(likelihood: int, impact: int) -> int:
    """Product of likelihood and impact, each 1–5. Raises ValueError outside the scale."""
    if not (1 <= likelihood <= 5 and 1 <= impact <= 5):
        raise ValueError(f"outside the 5×5 scale: {likelihood} × {impact}")
    return likelihood * impact


def level_of(likelihood: int, impact: int) -> Level:
    """The band of a risk."""
    value = magnitude(likelihood, impact)
    return next(level for floor, level in BANDS if value >= floor)
