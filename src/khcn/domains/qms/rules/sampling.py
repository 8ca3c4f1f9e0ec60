"""Samples of dossiers that anybody can draw again from the stored seed and the list they were drawn from."""

from collections.abc import Sequence

from khcn.lib.digest import digest


def population_digest(codes: Sequence[str]) -> str:
    """The trace of a population: SHA-256 over its sorted, distinct members."""
    return digest(sorted(set(codes)))


def draw(codes: Sequence[str], *, size: int, seed: int) -> list[str]:
    """`size` members of the population, the same for equal seed and equal population, in whatever order it comes.

    Each member is ranked by SHA-256 of seed and member; the smallest ranks are drawn. A member added later changes
    the sample only where it is itself drawn. Returns them in the order of their ranks; all when there are fewer.
    """
    ranked = sorted(set(codes), key=lambda code: (digest([seed, code]), code))
    return ranked[: max(0, size)]
