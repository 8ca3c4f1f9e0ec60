"""No address answers for two pages: the domains are written apart and meet only in the map of addresses."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.urls import URLPattern, URLResolver, get_resolver


def _addresses(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterable[tuple[str, str]]:
    for pattern in patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield re.sub(r"<(\w+):\w+>", r"<\1>", address), str(pattern.name)


def test_each_address_belongs_to_one_page():
    names = defaultdict(set)
    for address, name in _addresses(get_resolver().url_patterns):
        names[address].add(name)

    taken_twice = {address: sorted(found) for address, found in names.items() if len(found) > 1}

    assert not taken_twice
    assert len(names) > 300
