"""Patterns of identifiers in queries: a name, a class, a pure identity pattern, or the beginning of a Digital Link."""

from dataclasses import dataclass
from functools import lru_cache

from khcn.standards.epcis.event_identifiers import canonical_identifier
from khcn.standards.gs1.epc_conversion import elements_of
from khcn.standards.gs1.epc_schemes import Epc, parse_epc
from khcn.standards.gs1.errors import Gs1Refusal


@lru_cache(65_536)
def _epc(text: str) -> Epc | None:
    try:
        return parse_epc(text)
    except Gs1Refusal:
        return None


@dataclass(frozen=True, slots=True)
class IdentifierPattern:
    """What a MATCH parameter asks for.

    exact: the canonical identifier itself. below: a canonical identifier whose finer ones match too (a pattern that
    leaves only the serial number open). pattern: an EPC pattern with more left open, compared part by part.
    """

    exact: str
    below: str | None = None
    pattern: Epc | None = None

    @classmethod
    def read(cls, text: str) -> "IdentifierPattern":
        """The pattern that a parameter's value stands for; any other text asks for itself."""
        epc = _epc(text) if text.startswith("urn:epc:idpat:") else None
        if epc is None:
            return cls(canonical_identifier(text))
        try:
            elements_of(epc)
        except Gs1Refusal:
            return cls(text, pattern=epc)
        link = canonical_identifier(text)
        return cls(link, below=link if "*" in epc.parts else None, pattern=epc)

    def matches(self, text: str) -> bool:
        """Whether an identifier of an event, in any spelling, fits."""
        if text == self.exact:
            return True
        canonical = canonical_identifier(text)
        if canonical == self.exact:
            return True
        if self.below is not None and (canonical.startswith(self.below + "/") or self._grows(canonical)):
            return True
        given = _epc(text) if self.pattern is not None and text.startswith("urn:epc:") else None
        return given is not None and self._fits(given)

    def _grows(self, canonical: str) -> bool:
        """Serial numbers of returnable assets, documents and coupons follow the key without a slash."""
        if self.below is None or not canonical.startswith(self.below):
            return False
        return self.below.rsplit("/", 2)[-2] in ("8003", "253", "255")

    def _fits(self, given: Epc) -> bool:
        pattern = self.pattern
        if pattern is None or given.scheme != pattern.scheme or pattern.prefix not in ("*", given.prefix):
            return False
        return all(want in ("*", part) for want, part in zip(pattern.parts, given.parts, strict=True))
