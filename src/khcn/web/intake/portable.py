"""Take the text of a PDF: its text layer, or letters recognised by Tesseract where pages are only images.

PDF is parsed in a child process with limited memory and processor time (`pdf_program`).
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from khcn.lib.encodings import detect_encoding, to_unicode
from khcn.web.intake import pdf_program
from khcn.web.intake.content import IntakeLimits, IntakeText, Table
from khcn.web.intake.refusals import FileBroken, FileProtected, FileTooLarge, ScanUnreadable

_MEMORY = 2 * 1024**3
_LETTERS_OF_A_PAGE = 25
_DPI = 300


def read_pdf(content: bytes, limits: IntakeLimits) -> IntakeText:
    """Return the text and tables of a PDF. Raises FileProtected, FileBroken, FileTooLarge or ScanUnreadable."""
    with tempfile.TemporaryDirectory(prefix="khcn-intake-") as folder:
        source = Path(folder) / "source.pdf"
        source.write_bytes(content)
        pages = _run("text", source, folder, limits, limits.max_pages)["pages"]
        blank = [i for i, page in enumerate(pages) if not _has_letters(page["text"])]
        scanned = [i for i in blank if pages[i]["images"] or not pages[i]["text"].strip()]
        recognised, warnings = _recognise_pages(source, folder, scanned, limits, pages=len(pages))
    texts = [recognised.get(i, page["text"]) for i, page in enumerate(pages)]
    text = "\f".join(texts)
    if (encoding := detect_encoding(text[:200_000])) != "unicode":
        texts = [to_unicode(page, encoding) for page in texts]
        text = "\f".join(texts)
        warnings.append(
            "Tệp dùng phông chữ bảng mã cũ (TCVN3 hoặc VNI), đã được chuyển sang Unicode. Vui lòng soát lại."
        )
    tables: tuple[Table, ...] = tuple(
        tuple(tuple(row) for row in table)
        for i, page in enumerate(pages)
        if i not in recognised
        for table in page["tables"]
    )
    return IntakeText(text, tuple(texts), "scan" if recognised else "pdf", tuple(warnings), tables)


def _has_letters(text: str) -> bool:
    # "(cid:12)" is what a font without a letter map leaves: as good as no text.
    readable = sum(letter.isalpha() for letter in text) - 3 * text.count("(cid:")
    return readable >= _LETTERS_OF_A_PAGE and text.count("(cid:") * 10 < len(text)


def _recognise_pages(
    source: Path, folder: str, scanned: Sequence[int], limits: IntakeLimits, *, pages: int
) -> tuple[dict[int, str], list[str]]:
    """Return the recognised text of each scanned page that holds any, and warnings."""
    if not scanned:
        return {}, []
    if not vietnamese_recognition():
        if len(scanned) == pages:
            raise ScanUnreadable
        shown = ", ".join(str(i + 1) for i in scanned[:10])
        return {}, [
            f"Trang {shown} là ảnh quét nên chưa được đọc: máy chủ chưa cài gói Debian tesseract-ocr-vie. "
            "Vui lòng bổ sung nội dung các trang này bằng tay."
        ]
    if len(scanned) > limits.max_scanned_pages:
        raise FileTooLarge(
            f"Bản quét có {len(scanned)} trang, nhiều hơn mức {limits.max_scanned_pages} trang nhận dạng được "
            f"trong một lần. "
            "Vui lòng tách tệp hoặc gửi tệp .docx gốc."
        )
    _run("render", source, folder, limits, limits.max_pages, pages=scanned, dpi=_DPI)
    images = [Path(folder) / f"{i}.png" for i in scanned]
    with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        texts = pool.map(lambda image: recognise(image, seconds=limits.page_seconds), images)
        found = {i: text for i, text in zip(scanned, texts, strict=True) if any(c.isalpha() for c in text)}
    warnings = (
        ["Văn bản được nhận dạng từ ảnh quét nên có thể sai chữ, sai số. Vui lòng đối chiếu với bản gốc."]
        if found
        else []
    )
    return found, warnings


@functools.lru_cache(maxsize=1)
def vietnamese_recognition() -> bool:
    """Whether Tesseract and its Vietnamese data are installed on this machine."""
    program = shutil.which("tesseract")
    if program is None:
        return False
    listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)  # noqa: S603 - fixed arguments
    return b"vie" in listed.stdout.split()


def recognise(image: Path, *, seconds: int) -> str:
    """Return the Vietnamese text that Tesseract sees in an image, "" when it sees none within `seconds`."""
    program = shutil.which("tesseract") or "tesseract"
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments, our own file
            [program, str(image), "stdout", "-l", "vie", "--psm", "4"], capture_output=True, timeout=seconds, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode("utf-8", errors="replace").replace("\f", "")


def _run(mode: str, source: Path, folder: str, limits: IntakeLimits, max_pages: int, **more: Any) -> dict[str, Any]:
    """Run the child program in `mode` and return what it found; its refusals become ours."""
    seconds = limits.page_seconds * 4
    orders = {"mode": mode, "memory": _MEMORY, "seconds": seconds, "max_pages": max_pages, **more}
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", pdf_program.__file__, str(source), folder, json.dumps(orders)],
            capture_output=True,
            timeout=seconds + 30,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileTooLarge("Đọc tệp PDF mất quá nhiều thời gian. Vui lòng gửi tệp .docx gốc hoặc tách tệp.") from error
    if done.returncode != 0:
        raise FileBroken
    found: dict[str, Any] = json.loads((Path(folder) / "found.json").read_text(encoding="utf-8"))
    refusal = found.get("refused")
    if refusal == "password":
        raise FileProtected
    if refusal == "pages":
        raise FileTooLarge(f"Tệp PDF có quá {max_pages} trang. Vui lòng chỉ gửi phần kế hoạch.")
    if refusal is not None:
        raise FileBroken
    return found
