"""How a ballot is sealed: one key per council, a fixed length, and a commitment that tells nothing until opened."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from khcn.lib.digest import canonical_json, sha256_hex

BLOCK_BYTES = 2048
"""Contents are padded to a multiple of this, so that the length of a sealed ballot does not tell a vote."""


def seal(council_uid: UUID, *, seat_uid: UUID, subject_uid: UUID, content: Mapping[str, Any]) -> tuple[bytes, str]:
    """Encrypt one ballot; returns (sealed bytes, commitment).

    The commitment is the SHA-256 of the plain canonical JSON, which carries seat, subject and a random nonce: equal
    votes have different commitments, and a sealed ballot cannot be moved to another seat or subject.
    """
    plain = canonical_json(
        {"seat": seat_uid, "subject": subject_uid, "nonce": secrets.token_hex(32), "content": content}
    )
    padded = plain.ljust(-(-len(plain) // BLOCK_BYTES) * BLOCK_BYTES)
    return _cipher(council_uid).encrypt(padded), sha256_hex(plain)


def unseal(council_uid: UUID, sealed: bytes) -> tuple[dict[str, Any], str] | None:
    """Decrypt one ballot; returns (seat, subject, nonce, content as a mapping; its commitment), None when altered."""
    try:
        plain = _cipher(council_uid).decrypt(sealed).rstrip()
    except InvalidToken:
        return None
    return json.loads(plain), sha256_hex(plain)


def root_of(commitments: Mapping[str, str]) -> str:
    """One digest for a whole box of ballots. commitments: "seat/subject" → commitment."""
    return hashlib.sha256(canonical_json(commitments)).hexdigest()


def _cipher(council_uid: UUID) -> MultiFernet:
    """The council's key from each secret in turn: the first seals, any opens, so that secrets can be rotated."""
    secrets_known = [*settings.BALLOT_KEYS] or [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derive(secret, council_uid)) for secret in secrets_known])


def _derive(secret: str, council_uid: UUID) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=council_uid.bytes, info=b"khcn ballot").derive(
        secret.encode("utf-8")
    )
    return base64.urlsafe_b64encode(derived)
