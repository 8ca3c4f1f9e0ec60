"""How good warnings were: the contingency counts and scores that the verification circulars ask for.

Source: TT 41/2017/TT-BTNMT and TT 42/2017/TT-BTNMT for the counts and POD, FAR, CSI, bias, PC; Wilks (2011), chapter 8,
for Brier, RPS and Heidke. A score without a case in its denominator is None, never 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Contingency:
    """How often a thing was warned of and came (hits), was warned of in vain, came unwarned, and neither."""

    hits: int
    false_alarms: int
    misses: int
    correct_negatives: int = 0

    @classmethod
    def count(cls, pairs: Iterable[tuple[bool, bool]]) -> Contingency:
        """Count pairs of (warned, observed)."""
        counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
        for warned, observed in pairs:
            counts[bool(warned), bool(observed)] += 1
        return cls(counts[True, True], counts[True, False], counts[False, True], counts[False, False])

    @property
    def cases(self) -> int:
        """All that was counted."""
        return self.hits + self.false_alarms + self.misses + self.correct_negatives

    @property
    def probability_of_detection(self) -> float | None:
        """POD: the share of events that were warned of; 1 is best."""
        return _share(self.hits, self.hits + self.misses)

    @property
    def false_alarm_ratio(self) -> float | None:
        """FAR: the share of warnings that were in vain; 0 is best."""
        return _share(self.false_alarms, self.hits + self.false_alarms)

    @property
    def critical_success_index(self) -> float | None:
        """CSI, threat score: hits among all that was warned of or came; 1 is best."""
        return _share(self.hits, self.hits + self.false_alarms + self.misses)

    @property
    def bias(self) -> float | None:
        """Warnings per event; above 1 warns too often."""
        return _share(self.hits + self.false_alarms, self.hits + self.misses)

    @property
    def proportion_correct(self) -> float | None:
        """PC: the share of cases that were right; flattering for rare events."""
        return _share(self.hits + self.correct_negatives, self.cases)

    @property
    def heidke_skill(self) -> float | None:
        """HSS: what is right beyond chance; 0 is chance, 1 is best."""
        a, b, c, d = self.hits, self.false_alarms, self.misses, self.correct_negatives
        return _share(2 * (a * d - b * c), (a + c) * (c + d) + (a + b) * (b + d))


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def brier_score(probabilities: Sequence[float], observed: Sequence[bool]) -> float | None:
    """Return the mean squared error of probabilities (0–1) of an event; 0 is best, None without a case."""
    if len(probabilities) != len(observed):
        raise ValueError("one observation for each probability")
    if not len(observed):
        return None
    return float(np.mean((np.asarray(probabilities, dtype=float) - np.asarray(observed, dtype=float)) ** 2))


def ranked_probability_score(probabilities: Sequence[Sequence[float]], observed: Sequence[int]) -> float | None:
    """Return the mean RPS of forecasts over ordered classes; observed holds class numbers from 0. Not normalised."""
    if len(probabilities) != len(observed):
        raise ValueError("one observation for each forecast")
    if not len(observed):
        return None
    forecast = np.cumsum(np.asarray(probabilities, dtype=float), axis=1)
    truth = np.cumsum(np.eye(forecast.shape[1])[list(observed)], axis=1)
    return float(np.mean(np.sum((forecast - truth) ** 2, axis=1)))
