"""What makes signatures last: whoever stamps the time, and the revocation lists of the day.

Test signatures are stamped and covered by the test authority; signatures by real keys by the authority in the settings
and the lists kept in the folder of roots.
"""

from datetime import datetime
from functools import partial
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from django.conf import settings

from khcn.kernel.documents.queries import revocation_lists, trust_roots
from khcn.kernel.documents.services.keys import test_authority, test_clock
from khcn.standards.pades import LongTerm, StampExchange, make_revocation_list, trial_stamps

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 100_000


def lasting_test(*, at: datetime) -> LongTerm:
    """How signatures with test keys are made to last."""
    authority = test_authority(at=at)
    stamps = trial_stamps(test_clock(at=at), at=at)
    return LongTerm(stamps, authority.chain, (make_revocation_list(authority, at=at),))


def lasting_real() -> LongTerm:
    """How signatures with keys held elsewhere are made to last, as far as the settings say."""
    return LongTerm(_stamps(settings.TSA_URL), tuple(trust_roots()), tuple(revocation_lists()))


def _stamps(url: str) -> StampExchange | None:
    return partial(_ask, url) if url.startswith(("http://", "https://")) else None


def _ask(url: str, request: bytes) -> bytes:
    """Carry a request for a time stamp. Raises OSError."""
    headers = {"Content-Type": "application/timestamp-query"}
    asked = Request(url, data=request, headers=headers, method="POST")  # noqa: S310 – scheme checked
    try:
        with urlopen(asked, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
            content: bytes = answer.read(MAX_ANSWER_BYTES)
    except HTTPError as error:
        raise OSError(f"HTTP {error.code}") from error
    return content
