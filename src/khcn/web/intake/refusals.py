"""Why a file cannot be taken in; every sentence says what to do.

Failure
  └─ IntakeError
       ├─ FileEmpty          file_empty           no bytes, or no text in it
       ├─ FileTooLarge       file_too_large       over the limit, or it would unpack to too much
       ├─ FileProtected      file_protected       needs a password
       ├─ FileBroken         file_broken          damaged, or harmful by design
       ├─ FormatUnsupported  format_unsupported   no kind of file that is read here
       │    └─ OldWordFormat old_word_format      .doc or .rtf
       └─ ScanUnreadable     scan_unreadable      a scan, and no program here that reads it
"""

from khcn.lib.failure import Failure


class IntakeError(Failure):
    """The file was not taken in; nothing was stored."""

    code = "intake_error"
    default = "Không đọc được tệp này."


class FileEmpty(IntakeError):
    code = "file_empty"
    default = "Tệp không có nội dung. Vui lòng kiểm tra lại tệp gốc rồi gửi lại."


class FileTooLarge(IntakeError):
    code = "file_too_large"
    default = "Tệp quá lớn. Vui lòng bỏ bớt hình ảnh hoặc tách tệp rồi gửi lại."


class FileProtected(IntakeError):
    code = "file_protected"
    default = "Tệp được bảo vệ bằng mật khẩu. Vui lòng mở tệp, bỏ mật khẩu, lưu lại rồi gửi lần nữa."


class FileBroken(IntakeError):
    code = "file_broken"
    default = "Tệp bị hỏng hoặc chưa tải lên đủ, không mở được. Vui lòng mở lại tệp gốc, lưu lại rồi gửi lần nữa."


class FormatUnsupported(IntakeError):
    code = "format_unsupported"
    default = "Chỉ đọc được tệp .docx, .pdf hoặc .txt. Vui lòng lưu kế hoạch theo một trong ba loại này rồi gửi lại."


class OldWordFormat(FormatUnsupported):
    code = "old_word_format"
    default = "Đây là tệp Word đời cũ. Vui lòng mở bằng Word hoặc LibreOffice, lưu lại dưới dạng .docx rồi gửi lần nữa."


class ScanUnreadable(IntakeError):
    code = "scan_unreadable"
    default = (
        "Tệp PDF này là bản quét, không có lớp chữ, mà máy chủ chưa có chương trình nhận dạng chữ tiếng Việt. "
        "Vui lòng gửi tệp .docx gốc, hoặc nhờ người quản trị cài gói Debian tesseract-ocr-vie "
        "(lệnh: sudo apt install tesseract-ocr-vie)."
    )
