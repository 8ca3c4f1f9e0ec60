"""Stand-alone program that opens one PDF under hard limits; `portable` starts it as a child process.

    python -I pdf_program.py SOURCE FOLDER '{"mode": "text"|"render", "memory": …, "seconds": …, "max_pages": …}'

Writes FOLDER/found.json: {"pages": [{"text", "tables", "images"}]} or {"refused": "password"|"pages"|"broken"}; in mode
"render" also FOLDER/N.png for each page asked. It imports nothing of this project.
"""

import itertools
import json
import resource
import sys
from pathlib import Path

_WIDE_GAP = 2.2  # gaps wider than this many letter heights divide columns
_MAX_PIXELS = 40_000_000


def main(source, folder, orders):
    resource.setrlimit(resource.RLIMIT_AS, (orders["memory"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (orders["seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = _open(source, folder, orders)
    (Path(folder) / "found.json").write_text(json.dumps(found), encoding="utf-8")


def _open(source, folder, orders):
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        return {"refused": "password" if "password" in str(error).lower() else "broken"}
    try:
        if len(document) > orders["max_pages"]:
            return {"refused": "pages"}
        if not len(document):
            return {"refused": "broken"}
        if orders["mode"] == "render":
            _render(document, folder, orders)
            return {"pages": []}
    finally:
        document.close()
    return _read(source)


def _render(document, folder, orders):
    for index in orders["pages"]:
        page = document[index]
        width, height = page.get_size()
        scale = orders["dpi"] / 72
        largest = (_MAX_PIXELS / max(1.0, width * height)) ** 0.5
        page.render(scale=min(scale, largest)).to_pil().convert("L").save(Path(folder) / f"{index}.png")


def _read(source):
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    pages = []
    try:
        with pdfplumber.open(source) as document:
            for page in document.pages:
                pages.append(_read_page(page))
                page.close()
    except PdfminerException as error:
        cause = error.args[0] if error.args else error
        return {"refused": "password" if isinstance(cause, PDFPasswordIncorrect) else "broken"}
    return {"pages": pages}


def _read_page(page):
    tables = [table for table in page.find_tables() if _is_table(table)]
    words = page.extract_words(x_tolerance_ratio=0.22, keep_blank_chars=False, use_text_flow=False)
    outside = [word for word in words if not any(_within(word, table.bbox) for table in tables)]
    parts = [(line[0]["top"], _line_text(line)) for line in _lines(outside)]
    shown = []
    for table in tables:
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        shown.append(rows)
        text = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)
        parts.append((table.bbox[1], text))
    parts.sort(key=lambda part: part[0])
    return {"text": "\n".join(text for _, text in parts), "tables": shown, "images": len(page.images)}


def _is_table(table):
    rows = table.rows
    return len(rows) >= 2 and max(len(row.cells) for row in rows) >= 2


def _within(word, box):
    middle_x, middle_y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3]


def _lines(words):
    """Group words into lines by their middle height, left to right."""
    lines: list[tuple[float, list[dict]]] = []
    for word in sorted(words, key=lambda w: ((w["top"] + w["bottom"]) / 2, w["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if lines and abs(middle - lines[-1][0]) <= 0.45 * (word["bottom"] - word["top"]):
            lines[-1][1].append(word)
        else:
            lines.append((middle, [word]))
    return [sorted(line, key=lambda w: w["x0"]) for _, line in lines]


def _line_text(line):
    text = line[0]["text"]
    for before, word in itertools.pairwise(line):
        gap = word["x0"] - before["x1"]
        height = word["bottom"] - word["top"]
        text += ("     " if gap > _WIDE_GAP * height else " ") + word["text"]
    return text


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
