"""Councils of the programme: the kernel's steps with the law's facts, and what results do to the records judged."""

from khcn.domains.programme.services.councils.drafting import create_council, establish, replace, seat_member
from khcn.domains.programme.services.councils.results import close, conclude_appraisal, count, sign
from khcn.domains.programme.services.councils.session import adjourn, cast, open_meeting, seal, send_call

__all__ = [
    "adjourn",
    "cast",
    "close",
    "conclude_appraisal",
    "count",
    "create_council",
    "establish",
    "open_meeting",
    "replace",
    "seal",
    "seat_member",
    "send_call",
    "sign",
]
