"""Makes the CAP alert of a message: Vietnamese first, English beside it, the level in our own parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from khcn.lib.dates import VIETNAM
from khcn.standards.cap.model import Alert, Area, Info, Named, Reference

SEVERITY = {1: "Minor", 2: "Moderate", 3: "Severe", 4: "Extreme", 5: "Extreme"}
MARKS = {
    "relay": ("Chuyển phát bản tin chính thức", "Relay of an official bulletin"),
    "measurement": (
        "THÔNG TIN QUAN TRẮC – không phải bản tin dự báo chính thức",
        "MEASUREMENT NOTICE – not an official forecast",
    ),
    "order": ("Lệnh, công điện của cơ quan có thẩm quyền", "Order of the competent authority"),
}
EXERCISE = ("DIỄN TẬP – ", "EXERCISE – ")
ILLUSTRATION = ("MINH HỌA – ", "ILLUSTRATION – ")
#: CAP status → what stands before the headline.
PREFIXES = {"Exercise": EXERCISE, "Test": ILLUSTRATION}
RESTRICTIONS = {
    "Exercise": "Chỉ dành cho người tham gia diễn tập", "Test": "Dữ liệu minh họa, không dùng để ứng phó",
}  # fmt: skip
LONGEST_HEADLINE = 160


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message holds: its name, units with their codes, rings of (latitude, longitude)."""

    name: str
    units: tuple[tuple[str, str], ...]
    rings: tuple[tuple[tuple[float, float], ...], ...]
    edition: int


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    event: str
    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that a message says."""

    identifier: str
    sender: str
    sender_name: str
    sent: datetime
    message_kind: str
    warning_kind: str
    is_exercise: bool
    exercise_name: str
    category: str
    article: str
    responses: tuple[str, ...]
    level: int | None
    level_origin: str
    clause: str
    bulletin: str
    urgency: str
    certainty: str
    onset: datetime | None
    expires: datetime
    vietnamese: Words
    english: Words | None
    place: Place
    references: tuple[tuple[str, str, datetime], ...] = ()
    note: str = ""
    web: str = ""
    incident: str = ""
    is_illustration: bool = False


def compose(content: Content) -> Alert:
    """Return the alert; equal content gives an equal alert."""
    sent = _here(content.sent)
    infos = [_info(content, content.vietnamese, "vi-VN", 0)]
    if content.english is not None:
        infos.append(_info(content, content.english, "en-US", 1))
    note = content.note or (content.exercise_name if content.is_exercise else "")
    status = _status(content)
    return Alert(
        identifier=content.identifier, sender=content.sender, sent=sent,
        status=status, message_type=content.message_kind, scope="Restricted" if status in RESTRICTIONS else "Public",
        restriction=RESTRICTIONS.get(status, ""), note=note,
        references=tuple(Reference(sender, mark, _here(at)) for sender, mark, at in content.references),
        incidents=(content.incident,) if content.incident else (), infos=tuple(infos),
    )  # fmt: skip


def _status(content: Content) -> str:
    """Whether machines may take the message for real: exercises and illustrations never are."""
    if content.is_exercise:
        return "Exercise"
    return "Test" if content.is_illustration else "Actual"


def _info(content: Content, words: Words, language: str, which: int) -> Info:
    prefix = PREFIXES.get(_status(content), ("", ""))[which]
    parameters = [Named("VN-KHCN:kind", content.warning_kind)]
    if content.level is not None:
        parameters.append(Named("VN-QD18:riskLevel", str(content.level)))
        parameters.append(Named("VN-KHCN:levelOrigin", content.level_origin))
    if content.clause:
        parameters.append(Named("VN-QD18:clause", content.clause))
    if content.bulletin:
        parameters.append(Named("VN-QD18:bulletin", content.bulletin))
    sent = _here(content.sent)
    onset = _here(content.onset) if content.onset and content.onset > content.sent else sent
    is_over = content.message_kind == "Cancel"
    return Info(
        language=language, categories=(content.category,), event=words.event,
        response_types=("AllClear",) if is_over else content.responses, urgency="Past" if is_over else content.urgency,
        severity=SEVERITY[content.level] if content.level else "Unknown", certainty=content.certainty,
        event_codes=(Named("VN-QD18", content.article),) if content.article else (), effective=sent, onset=onset,
        expires=_here(content.expires), sender_name=content.sender_name,
        headline=f"{prefix}{words.headline}"[:LONGEST_HEADLINE],
        description=f"{MARKS[content.warning_kind][which]}. {words.description}", instruction=words.instruction,
        web=content.web, parameters=tuple(parameters), areas=(_area(content.place),),
    )  # fmt: skip


def _area(place: Place) -> Area:
    codes = tuple(Named(f"VN-DVHC-{place.edition}", code) for code, _name in place.units)
    return Area(place.name, place.rings, (), codes)


def _here(moment: datetime) -> datetime:
    return moment.astimezone(VIETNAM).replace(microsecond=0)


def names_of(units: Sequence[tuple[str, str]], *, most: int = 12) -> str:
    """The names of units in one line, shortened past some."""
    names = [name for _code, name in units]
    return ", ".join(names[:most]) + (f" và {len(names) - most} nơi khác" if len(names) > most else "")
