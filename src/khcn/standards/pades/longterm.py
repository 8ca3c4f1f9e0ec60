"""What makes a signature last: a time stamp over it, and the revocation lists of its day kept in the file.

Asks nobody itself: whoever calls hands in a function that carries a request to a time stamp authority (RFC 3161), and
the lists. ETSI EN 319 142-1 calls the outcome B-T (time stamp) and B-LT (with revocation lists).
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, tsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore, async_add_validation_info
from pyhanko.sign.validation.errors import NoDSSFoundError, SignatureValidationError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, RevokedError, ValidationError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from khcn.standards.pades.certificates import Credential

StampExchange = Callable[[bytes], bytes]
"""Takes a request for a time stamp (DER), gives the authority's answer (DER); raises OSError when there is none."""


@dataclass(frozen=True, slots=True)
class LongTerm:
    """How a signature is made to last. stamp: whoever stamps; roots, lists: certificates and revocation lists (DER)."""

    stamp: StampExchange | None = None
    roots: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()

    @property
    def stamper(self) -> TimeStamper | None:
        """As pyHanko takes it."""
        return _Stamper(self.stamp) if self.stamp is not None else None


class _Stamper(TimeStamper):
    """A time stamp authority behind a function."""

    def __init__(self, exchange: StampExchange) -> None:
        super().__init__()
        self.exchange = exchange

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Carry the request and read the answer. Raises OSError."""
        try:
            return tsp.TimeStampResp.load(self.exchange(req.dump()))
        except ValueError as error:
            raise OSError("the time stamp authority's answer is unreadable") from error


def trial_stamps(clock: Credential, *, at: datetime) -> StampExchange:
    """A time stamp authority for trying out, which says that it is `at`."""
    above = SimpleCertificateStore.from_certs(_certificates(clock.chain))
    authority = DummyTimeStamper(clock.certificate, clock.private_key, above, fixed_dt=at)
    return lambda request: authority.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


class CertificateWithdrawn(ValueError):
    """The revocation lists say that the signer's certificate, or one above it, was withdrawn."""


def keep_revocation(pdf: bytes, *, field: str, long_term: LongTerm, moment: datetime) -> bytes:
    """The signed PDF with the certificates and revocation lists by which its signature `field` can be judged later.

    Unchanged when there are no lists that cover the signature as of `moment`. Raises CertificateWithdrawn.
    """
    if not long_term.lists:
        return pdf
    reader = PdfFileReader(io.BytesIO(pdf))
    embedded = next(one for one in reader.embedded_signatures if one.field_name == field)
    context = context_of(long_term.roots, moment=moment, lists=long_term.lists, mode="require")
    out = io.BytesIO()
    try:
        asyncio.run(async_add_validation_info(embedded, context, output=out))
    except RevokedError as error:
        raise CertificateWithdrawn(str(error)) from error
    except (PathError, ValidationError, SignatureValidationError):
        return pdf
    return out.getvalue()


def context_of(
    roots: Sequence[bytes], *, moment: datetime, lists: Sequence[bytes] = (), mode: str = "soft-fail",
    inside: DocumentSecurityStore | None = None,
) -> ValidationContext:  # fmt: skip
    """How certificates are judged as of a moment, offline. inside: what the file itself keeps."""
    options: dict[str, Any] = {
        "trust_roots": _certificates(roots), "moment": moment, "allow_fetching": False, "revocation_mode": mode,
        "crls": [crl.CertificateList.load(one) for one in lists], "retroactive_revinfo": True,
    }  # fmt: skip
    return inside.as_validation_context(options) if inside is not None else ValidationContext(**options)


def store_inside(reader: PdfFileReader) -> DocumentSecurityStore | None:
    """Certificates and revocation lists that the file keeps, if any."""
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


def _certificates(chain: Sequence[bytes]) -> list[x509.Certificate]:
    return [x509.Certificate.load(one) for one in chain]
