"""The life of a council: draft, seats, papers, reviews, session, sealed ballots, count, minutes.

It knows no rule about who must sit or how ballots count: callers bring verdicts and counting functions of their own.
"""

from khcn.kernel.procedures.services.councils.ballots import cast_ballot, seal_ballots
from khcn.kernel.procedures.services.councils.counting import conclude_without_ballots, count_ballots
from khcn.kernel.procedures.services.councils.drafting import (
    add_seat,
    add_subject,
    draft_council,
    establish_council,
    remove_seat,
    remove_subject,
    replace_council,
)
from khcn.kernel.procedures.services.councils.minutes import close_council, sign_as_secretary, sign_minutes
from khcn.kernel.procedures.services.councils.session import (
    adjourn_session,
    declare_conflict,
    declare_no_conflict,
    open_session,
    save_review,
    send_papers,
    send_review,
)
from khcn.kernel.procedures.services.councils.steps import CouncilMoved

__all__ = [
    "CouncilMoved",
    "add_seat",
    "add_subject",
    "adjourn_session",
    "cast_ballot",
    "close_council",
    "conclude_without_ballots",
    "count_ballots",
    "declare_conflict",
    "declare_no_conflict",
    "draft_council",
    "establish_council",
    "open_session",
    "remove_seat",
    "remove_subject",
    "replace_council",
    "save_review",
    "seal_ballots",
    "send_papers",
    "send_review",
    "sign_as_secretary",
    "sign_minutes",
]
