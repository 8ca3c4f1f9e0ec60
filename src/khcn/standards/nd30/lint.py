"""Checks whether a Word file keeps to the layout of NĐ 30/2020/NĐ-CP; it corrects nothing."""

from khcn.standards.nd30.anatomy import dissect
from khcn.standards.nd30.checks.body import check_body
from khcn.standards.nd30.checks.end import check_end
from khcn.standards.nd30.checks.finding import Finding, Severity
from khcn.standards.nd30.checks.head import check_head
from khcn.standards.nd30.checks.page import check_page
from khcn.standards.nd30.docx_reader import UnreadableWordFile, read_docx

__all__ = ["Finding", "Severity", "lint_docx"]


def lint_docx(content: bytes) -> list[Finding]:
    """What is wrong with a Word file, from the page to the recipients; an empty list means that nothing was found.

    Works on files from any program: the effective look is resolved through styles, defaults and theme. A file that
    cannot be read gives one finding, "file.unreadable". Check the archive's size before (khcn.web.archive_limits).
    """
    try:
        word = read_docx(content)
    except UnreadableWordFile:
        message = "Không mở được tệp Word (.docx). Vui lòng mở bằng Word, lưu lại rồi kiểm tra lần nữa."
        return [Finding("file.unreadable", Severity.ERROR, "tệp", message)]
    found = dissect(word)
    return [*check_page(found), *check_head(found), *check_body(found), *check_end(found)]
