"""Prefixes of a JSON-LD document and the names that they make of members; no context is fetched.

A context is a URI, an object or a list of both. Only entries that map a prefix to a namespace are read.
"""

from collections.abc import Mapping
from typing import Any

from khcn.standards.epcis.vocabulary import STANDARD_PREFIXES


def context_prefixes(context: Any) -> dict[str, str]:
    """Prefix to namespace of a context; expanded term definitions give their @id."""
    if isinstance(context, list):
        found: dict[str, str] = {}
        for part in context:
            found.update(context_prefixes(part))
        return found
    if not isinstance(context, Mapping):
        return {}
    found = {}
    for prefix, value in context.items():
        target = value.get("@id") if isinstance(value, Mapping) else value
        if isinstance(target, str) and not prefix.startswith("@"):
            found[prefix] = target
    return found


class Namespaces:
    """The prefixes of one document; names are resolved once and kept."""

    def __init__(self, prefixes: Mapping[str, str] | None = None) -> None:
        self.own = dict(prefixes or {})
        self._all = {**STANDARD_PREFIXES, **self.own}
        self._names: dict[str, str] = {}

    @classmethod
    def of_context(cls, context: Any) -> "Namespaces":
        """The namespaces of a document's @context."""
        return cls(context_prefixes(context))

    def extended(self, context: Any) -> "Namespaces":
        """These namespaces with those of an inner context before them."""
        return Namespaces({**self.own, **context_prefixes(context)})

    def namespace(self, prefix: str) -> str | None:
        """The namespace of a prefix, or None."""
        return self._all.get(prefix)

    def split(self, name: str) -> tuple[str, str]:
        """Namespace and local name of a member; an unprefixed name has no namespace, an address is cut at its end."""
        prefix, colon, local = name.partition(":")
        if not colon:
            return "", name
        namespace = self._all.get(prefix)
        if namespace is not None:
            return namespace, local
        cut = max(name.rfind("/"), name.rfind("#")) + 1
        if cut > len(prefix) + 1:
            return name[:cut], name[cut:]
        return prefix + ":", local

    def full_name(self, name: str) -> str:
        """The member's name as {namespace}local, as hashes and queries compare it."""
        found = self._names.get(name)
        if found is None:
            namespace, local = self.split(name)
            found = self._names[name] = f"{{{namespace}}}{local}" if namespace else local
        return found
