"""Every sentence in which the codecs name a fault has a Vietnamese wording."""

import ast
import re
from pathlib import Path

import pytest

from khcn.domains.traceability.rules.check_wording import in_vietnamese, wordings
from khcn.lib.wording import is_vietnamese
from khcn.site.texts.python_texts import template_of
from khcn.standards import epcis, gs1

_HOLE = re.compile(r"\{\w+\}")
# Sentences of the query language go to programs by the REST binding, never to the commands.
_FOR_PROGRAMS = {"event_query.py", "query_parameters.py", "units.py"}


def sentences():
    for package in (epcis, gs1):
        for path in sorted(Path(str(package.__file__)).parent.glob("*.py")):
            if path.name not in _FOR_PROGRAMS:
                yield from spoken(ast.parse(path.read_text("utf-8")))


def spoken(tree):
    quiet = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    quiet |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in quiet:
            continue
        text = template_of(node) if isinstance(node, ast.JoinedStr) else getattr(node, "value", "")
        if isinstance(text, str) and re.fullmatch(r"[({A-Z@a-z][^\n]* [^\n]*\.", text):
            yield text


def shape(text):
    return _HOLE.sub("{}", text)


def test_every_sentence_of_the_codecs_has_a_vietnamese_wording():
    known = {shape(english) for english in wordings()}

    missing = sorted({one for one in sentences() if shape(one) not in known})

    assert len(set(sentences())) > 100
    assert [one for one in missing if "{problem}" not in one and one != "{particle} is missing{children}."] == []


def test_wordings_keep_their_holes_and_speak_vietnamese():
    different = [one for one, other in wordings().items() if sorted(_HOLE.findall(one)) != sorted(_HOLE.findall(other))]

    assert different == []
    assert all(is_vietnamese(other) for one, other in wordings().items() if one[-1] == "." and not one.startswith("({"))


@pytest.mark.parametrize(
    ("english", "vietnamese"),
    [
        ("eventTime is missing.", "Thiếu eventTime."),
        ("(01) 1: the check digit is wrong.", "(01) 1: sai số kiểm tra."),
        ("'x' is neither a standard business step nor a URI of one's own.",
         "'x' không phải là bước nghiệp vụ của tiêu chuẩn, cũng không phải URI tự đặt."),
        ("action is missing before readPoint.", "Thiếu action trước readPoint."),
        ("x is no whole number of 32 bits.", "x không phải là số nguyên 32 bit."),
        ("A sentence nobody knows", "A sentence nobody knows"),
    ],
)  # fmt: skip
def test_sentence_is_said_with_what_fills_it(english, vietnamese):
    assert in_vietnamese(english) == vietnamese
