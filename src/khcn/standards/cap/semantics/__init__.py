"""What CAP 1.2 demands in words and its schema cannot check; each rule has an id, a source and a test."""

from khcn.standards.cap.semantics import areas, contents, message, vietnam
from khcn.standards.cap.semantics.rule import Rule

GENERAL: tuple[Rule, ...] = (*message.RULES, *contents.RULES, *areas.RULES)
VIETNAM: tuple[Rule, ...] = vietnam.RULES
PROFILES: dict[str, tuple[Rule, ...]] = {"": GENERAL, "vn": (*GENERAL, *VIETNAM)}
