"""Signs a PDF with a key at hand, or in two halves: the digest here, the signature elsewhere (token, service)."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms, x509
from asn1crypto.algos import SignedDigestAlgorithm
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import ExternalSigner, PdfSignatureMetadata, PdfSigner, Signer, SimpleSigner
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfTBSDocument
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from khcn.standards.pades.certificates import Credential
from khcn.standards.pades.longterm import LongTerm, keep_revocation
from khcn.standards.pades.pages import DrawnPage, draw_page

DIGEST = "sha256"
_RESERVED_BYTES = 16_384
_LONGEST_SIGNATURE = 512  # RSA 4096


@dataclass(frozen=True, slots=True)
class Appearance:
    """What a signature shows: lines in a box (left, bottom, right, top; whole points) on a page (from 1)."""

    page: int
    box: tuple[int, int, int, int]
    lines: tuple[str, ...]
    colour: str = "#b00020"
    size_pt: float = 7.5


@dataclass(frozen=True, slots=True)
class PreparedSignature:
    """A PDF waiting for its signature.

    pdf: with an empty place for it. attributes: the bytes to be signed (DER of the signed attributes) with `DIGEST`.
    document_digest, start, end: where and over what the signature will stand.
    """

    pdf: bytes
    attributes: bytes
    document_digest: bytes
    start: int
    end: int


def sign(
    pdf: bytes, credential: Credential, *, field: str, appearance: Appearance, reason: str = "", location: str = "",
    long_term: LongTerm | None = None, moment: datetime | None = None,
) -> bytes:  # fmt: skip
    """The PDF with one more signature, as an addition behind what is there.

    long_term: with a time stamp, and the revocation lists as of `moment`. Raises OSError when nobody stamps,
    CertificateWithdrawn.
    """
    signer = SimpleSigner(credential.certificate, credential.private_key, _store(credential.chain))
    writer, pdf_signer = _set_up(pdf, signer, field, appearance, reason, location, long_term)
    out = io.BytesIO()
    pdf_signer.sign_pdf(writer, output=out)
    return _lasting(out.getvalue(), field, long_term, moment)


def begin_signing(
    pdf: bytes, chain: tuple[bytes, ...], *, field: str, appearance: Appearance, reason: str = "", location: str = ""
) -> PreparedSignature:
    """Prepare a signature by somebody whose key is elsewhere. chain: certificates in DER, the signer's first.

    Raises ValueError for what is no certificate.
    """
    return asyncio.run(_begin(pdf, chain, field, appearance, reason, location))


def finish_signing(
    prepared: PreparedSignature, chain: tuple[bytes, ...], signature: bytes, *, field: str = "",
    long_term: LongTerm | None = None, moment: datetime | None = None,
) -> bytes:  # fmt: skip
    """The signed PDF from the signature over `prepared.attributes` that came back; it is not checked here.

    field, long_term, moment: as for `sign`; it raises the same.
    """
    signed = asyncio.run(_finish(prepared, chain, signature, long_term))
    return _lasting(signed, field, long_term, moment)


def _lasting(signed: bytes, field: str, long_term: LongTerm | None, moment: datetime | None) -> bytes:
    if long_term is None or moment is None:
        return signed
    return keep_revocation(signed, field=field, long_term=long_term, moment=moment)


async def _begin(
    pdf: bytes, chain: tuple[bytes, ...], field: str, appearance: Appearance, reason: str, location: str
) -> PreparedSignature:
    signer = _external(chain, bytes(_LONGEST_SIGNATURE))
    writer, pdf_signer = _set_up(pdf, signer, field, appearance, reason, location)
    digest, _, output = await pdf_signer.async_digest_doc_for_signing(writer, bytes_reserved=_RESERVED_BYTES)
    attributes = await signer.signed_attrs(digest.document_digest, DIGEST, use_pades=True)
    return PreparedSignature(
        output.read() if not isinstance(output, io.BytesIO) else output.getvalue(), attributes.untag().dump(),
        digest.document_digest, digest.reserved_region_start, digest.reserved_region_end,
    )  # fmt: skip


async def _finish(
    prepared: PreparedSignature, chain: tuple[bytes, ...], signature: bytes, long_term: LongTerm | None
) -> bytes:
    signer = _external(chain, signature)
    attributes = cms.CMSAttributes.load(prepared.attributes)
    content = await signer.async_sign_prescribed_attributes(
        DIGEST, signed_attrs=attributes, timestamper=long_term.stamper if long_term else None
    )
    output = io.BytesIO(prepared.pdf)
    place = PreparedByteRangeDigest(prepared.document_digest, prepared.start, prepared.end)
    await PdfTBSDocument.async_finish_signing(output, place, content)
    return output.getvalue()


def _external(chain: tuple[bytes, ...], signature: bytes) -> ExternalSigner:
    certificate = x509.Certificate.load(chain[0])
    kind = certificate.public_key.algorithm
    mechanism = SignedDigestAlgorithm({"algorithm": f"{DIGEST}_{'ecdsa' if kind == 'ec' else 'rsa'}"})
    return ExternalSigner(certificate, _store(chain), signature, mechanism)


def _store(chain: tuple[bytes, ...]) -> SimpleCertificateStore:
    return SimpleCertificateStore.from_certs([x509.Certificate.load(one) for one in chain])


def _set_up(
    pdf: bytes,
    signer: Signer,
    field: str,
    appearance: Appearance,
    reason: str,
    location: str,
    long_term: LongTerm | None = None,
) -> tuple[IncrementalPdfFileWriter, PdfSigner]:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    spec = fields.SigFieldSpec(field, on_page=appearance.page - 1, box=appearance.box)
    fields.append_signature_field(writer, spec)
    left, bottom, right, top = appearance.box
    stamp = draw_page(
        appearance.lines, width=right - left, height=top - bottom, size=appearance.size_pt, framed=True,
        colour=appearance.colour,
    )  # fmt: skip
    metadata = PdfSignatureMetadata(
        field_name=field, md_algorithm=DIGEST, subfilter=fields.SigSeedSubFilter.PADES, reason=reason or None,
        location=location or None,
    )  # fmt: skip
    style = StaticStampStyle(background=DrawnPage(stamp), border_width=0)
    stamper = long_term.stamper if long_term else None
    return writer, PdfSigner(metadata, signer=signer, stamp_style=style, timestamper=stamper)
