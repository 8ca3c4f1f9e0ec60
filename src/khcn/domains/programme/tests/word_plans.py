"""Word files of our invented plans, made from a plain notation.

A line is a paragraph. "[1] …", "[2] …", "[a] …" and "[-] …" are numbered by Word itself. Between "#table" and "#end"
stand rows of cells divided by "|", where "<" goes on with the cell before and "^" with the cell above; between
"#layout" and "#end" rows of two cells divided by "¦", their lines by " / ", as letterheads and signatures are set.
"""

import io
from pathlib import Path

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

NOTED = Path(__file__).parent / "word_plans"
NAMES = sorted(path.stem for path in NOTED.glob("*.txt"))
_LEVELS = {"1": ("upperRoman", "%1."), "2": ("decimal", "%2."), "a": ("lowerLetter", "%3)"), "-": ("bullet", "-")}
_LIST = "91"


def word_file(name):
    """The bytes of the .docx that `word_plans/<name>.txt` describes."""
    document = Document()
    _add_list(document)
    lines = iter((NOTED / f"{name}.txt").read_text(encoding="utf-8").splitlines())
    for line in lines:
        if line in ("#table", "#layout"):
            rows = list(iter(lambda: next(lines), "#end"))
            (_add_table if line == "#table" else _add_layout)(document, rows)
        elif line.startswith("[") and line[2:3] == "]":
            _number(document.add_paragraph(line[4:]), list(_LEVELS).index(line[1]))
        else:
            document.add_paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _element(tag, value, **more):
    made = OxmlElement(tag)
    made.set(qn("w:val"), value)
    for name, text in more.items():
        made.set(qn(f"w:{name}"), text)
    return made


def _add_list(document):
    numbering = document.part.numbering_part.element
    kind = OxmlElement("w:abstractNum")
    kind.set(qn("w:abstractNumId"), _LIST)
    for index, (form, shown) in enumerate(_LEVELS.values()):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(index))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", shown)):
            level.append(_element(tag, value))
        kind.append(level)
    numbering.insert(0, kind)
    used = OxmlElement("w:num")
    used.set(qn("w:numId"), _LIST)
    used.append(_element("w:abstractNumId", _LIST))
    numbering.append(used)


def _number(paragraph, level):
    numbered = OxmlElement("w:numPr")
    numbered.append(_element("w:ilvl", str(level)))
    numbered.append(_element("w:numId", _LIST))
    paragraph._p.get_or_add_pPr().append(numbered)


def _add_table(document, rows):
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    width = max(map(len, cells))
    table = document.add_table(rows=len(cells), cols=width)
    for r, row in enumerate(cells):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                table.cell(r, c).merge(table.cell(r, c - 1) if text == "<" else table.cell(r - 1, c))
        for c, text in enumerate(row):
            if text not in ("<", "^"):
                table.cell(r, c).text = text
        if len(row) == 2 < width:
            table.cell(r, 1).merge(table.cell(r, width - 1))  # a heading within the table


def _add_layout(document, rows):
    table = document.add_table(rows=len(rows), cols=2)
    for r, row in enumerate(rows):
        for c, text in enumerate(row.split("¦")):
            table.cell(r, c).text = "\n".join(part.strip() for part in text.strip().split(" / "))
