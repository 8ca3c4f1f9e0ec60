"""Collects the texts of a Django template, by Django's own `templatize`, without GNU gettext."""

import ast
import re
from collections.abc import Iterator

from django.utils.translation.template import templatize

from khcn.site.texts.entry import Text

# What templatize writes: a Python-like call per text, with string literals, everything else struck out.
_LITERAL = r"""(?:u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(
    rf"(?<![\w.])(?P<name>_|gettext|ngettext|pgettext|npgettext)\(\s*(?P<words>{_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.S
)


def texts_of(source: str, origin: str) -> Iterator[Text]:
    """Yield every text of the template, repeated as it occurs. origin: the name to blame for a broken tag."""
    for call in _CALL.finditer(templatize(source, origin=origin)):
        words = [ast.literal_eval(one) for one in re.findall(_LITERAL, call["words"], re.S)]
        match call["name"], words:
            case "ngettext", [one, many, *_]:
                yield Text(one, plural=many)
            case "pgettext", [context, one, *_]:
                yield Text(one, context=context)
            case "npgettext", [context, one, many, *_]:
                yield Text(one, plural=many, context=context)
            case _, [one, *_]:
                yield Text(one)
