"""Collects the Vietnamese texts of a Python module: those marked for gettext, and those that are spoken as they stand.

A *spoken* text is a Vietnamese literal that reaches a person through `khcn.web.wording` though no call marks it: what
is raised, found by a rule, told in a notice, or names a model's field. An f-string becomes the template that
`khcn.web.wording` looks for: `f"Hợp đồng {contract.number} đã ký."` is `Hợp đồng {number} đã ký.`.
Texts for official papers and for the demonstration are no interface and are not collected.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from fnmatch import fnmatch

from khcn.lib.wording import is_vietnamese
from khcn.site.texts.entry import Text

SINGULAR = {"gettext", "gettext_lazy", "gettext_noop", "_", "now_"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}
#: Calls whose Vietnamese arguments are read on screen.
SPEAKING_CALLS = {
    "Finding", "Fault", "FieldFault", "RowFault", "notify", "ask", "inform", "_stop", "_note", "_note_once",
}  # fmt: skip
#: Modules whose every Vietnamese literal is read on screen; paths below src/khcn.
SPEAKING_MODULES = (
    "*/models.py", "*/models/*.py", "*/errors.py", "*/permissions.py", "*/apps.py",
    "domains/*/rules/guards/*.py", "domains/*/rules/machines/*.py", "domains/*/rules/transitions.py",
    "domains/*/rules/adjustments.py", "domains/*/rules/conflicts.py", "domains/*/rules/eligibility.py",
    "domains/*/rules/money/*.py", "domains/*/rules/councils/*.py", "domains/*/rules/indicators/*.py",
    "domains/*/rules/effectiveness.py",
    "domains/*/rules/norms.py", "domains/*/rules/rule_sets.py", "domains/*/rules/dossier_contents.py",
    "domains/*/rules/uses.py", "domains/*/services/councils/session.py", "domains/*/queries/*.py",
    "domains/*/queries/councils/*.py", "domains/*/views/*.py",
    "domains/warnings/services/*.py", "domains/warnings/rules/steps.py", "domains/warnings/drivers.py",
    "domains/hazards/services/*.py", "domains/hazards/rules/station_tables.py", "domains/hazards/rules/siting.py",
    "domains/hazards/api/*.py", "standards/sensorthings/*.py",
    "kernel/*/rules.py", "lib/periods.py", "site/views/*.py", "web/*.py", "web/spreadsheets/*.py", "web/intake/*.py",
)  # fmt: skip
#: Modules that speak only in papers, in the terminal or in the demonstration.
SILENT_MODULES = (
    "site/demo/*.py", "site/launcher/*.py", "site/management/*", "*/management/*", "site/settings/*.py",
    "site/backup/*.py", "standards/*", "web/spreadsheets/isolated_parser.py", "domains/*/queries/papers/*.py",
    "domains/*/queries/export/*.py", "domains/*/queries/sheets.py",
    "domains/*/services/reports/papers.py", "domains/*/rules/reports/*.py", "domains/*/rules/plan_reading/*.py",
    "domains/*/queries/reports/[!p]*.py", "domains/*/queries/reports/products.py", "domains/*/views/annex.py",
    "web/wording.py", "site/texts/*.py", "site/views/style_guide.py",
)  # fmt: skip
# References to law, codes of forms, and patterns read as they stand in every language.
_CITATION = re.compile(
    r"(Luật|NĐ|TT|TTLT|QĐ|Nghị định|Thông tư|Điều|Khoản|khoản|Bộ luật|Mẫu)\b[^.]*|\d+ (khoản|điểm)\b.*"
    r"|[A-ZĐƠƯ0-9][^\s.]*[-–/][^\s.]*|.*\[[\w-]+\].*|.*\\[dsw].*|\w"
)


def texts_of(source: str, path: str) -> Iterator[Text]:
    """Yield every text of the module `path` (below src/khcn, with slashes), in no order, repeated as it occurs."""
    tree = ast.parse(source)
    taken: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (text := _marked(node)) is not None:
            taken |= {id(part) for part in ast.walk(node)}
            yield text
    if any(fnmatch(path, pattern) for pattern in SILENT_MODULES):
        return
    taken |= _unspoken(tree)
    roots: list[ast.AST] = [tree] if any(fnmatch(path, one) for one in SPEAKING_MODULES) else list(_speaking(tree))
    for root in roots:
        yield from _spoken(root, taken)


def template_of(node: ast.JoinedStr) -> str:
    """The template of an f-string: each value by the last name in its expression, a repeated name numbered."""
    parts: list[str] = []
    seen: dict[str, int] = {}
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif isinstance(value, ast.FormattedValue):
            name = _name_in(value.value)
            seen[name] = seen.get(name, 0) + 1
            parts.append("{" + (name if seen[name] == 1 else f"{name}_{seen[name]}") + "}")
    return "".join(parts)


def _marked(call: ast.Call) -> Text | None:
    name = _called(call)
    words = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name in SINGULAR and len(words) == 1 and call.args[0:1]:
        return Text(words[0])
    if name in PLURAL and len(words) >= 2:
        return Text(words[0], plural=words[1])
    if name in IN_CONTEXT and len(words) >= 2:
        return Text(words[1], context=words[0])
    return None


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _unspoken(tree: ast.AST) -> set[int]:
    """Docstrings, the names that records give themselves, and what is compared or keyed instead of shown."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            found.add(id(node.value))
        elif isinstance(node, ast.FunctionDef) and node.name == "__str__":
            found |= {id(part) for part in ast.walk(node)}
    return found


def _speaking(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and node.exc is not None:
            yield node.exc
        elif isinstance(node, ast.Call) and _called(node) in SPEAKING_CALLS:
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (one for one in node.body if isinstance(one, ast.Assign) and _is_wording(one))


def _is_wording(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id in {"default", "message"} for target in node.targets)


def _spoken(node: ast.AST, taken: set[int]) -> Iterator[Text]:
    if id(node) in taken:
        return
    taken.add(id(node))
    if isinstance(node, ast.JoinedStr):
        template = template_of(node)
        if _says_something(re.sub(r"\{\w+\}", "", template)):
            yield Text(template)
        for value in node.values:
            if isinstance(value, ast.FormattedValue):
                yield from _spoken(value.value, taken)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and _says_something(node.value):
            yield Text(node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _spoken(child, taken)


def _says_something(words: str) -> bool:
    return is_vietnamese(words) and not _CITATION.fullmatch(words.strip())


def _name_in(node: ast.AST) -> str:
    """A stable name for a value: the last attribute, variable, key or function in its expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call):
        first = node.args[0] if node.args else None
        return _name_in(first) if first is not None and not isinstance(first, ast.GeneratorExp) else _name_in(node.func)
    if isinstance(node, ast.Subscript):
        return _name_in(node.slice) if isinstance(node.slice, ast.Constant) else _name_in(node.value)
    if isinstance(node, ast.Constant):
        return re.sub(r"\W+", "_", str(node.value)).strip("_") or "value"
    if isinstance(node, ast.BinOp):
        return _name_in(node.left)
    if isinstance(node, ast.IfExp):
        return _name_in(node.body) if not isinstance(node.body, ast.Constant) else "choice"
    return "value"
