"""Who a key belongs to, and which company prefixes are known."""

from hashlib import sha256

from khcn.domains.traceability.models import Client
from khcn.web.rows import Reading

_of_key = Reading(lambda digest: Client.objects.filter(key_digest=digest, is_active=True).order_by()[:1])


def client_of_key(key: str) -> Client | None:
    """The active client of a key; keys are random, so the digest alone finds it."""
    digest = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    found = _of_key(digest)
    return found[0] if found else None


def known_prefixes() -> frozenset[str]:
    """Every company prefix of a client."""
    return frozenset(prefix for prefixes in Client.objects.values_list("prefixes", flat=True) for prefix in prefixes)
