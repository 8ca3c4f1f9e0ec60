"""What the launcher says, whole sentences in Vietnamese and in English; progress goes to standard error.

Has its own small catalogue because it speaks before Django and gettext are there.
"""

import os
import sys
from typing import TextIO

_CATALOGUE: dict[str, tuple[str, str]] = {
    "making_venv": ("Tạo môi trường Python riêng trong .venv …", "Making a private Python environment in .venv …"),
    "installing_python": (
        "Cài các thư viện Python theo {lock}, kiểm tra từng mã băm (lần đầu khoảng một phút) …",
        "Installing the Python packages of {lock}, checking every hash (about a minute the first time) …",
    ),
    "installing_front_end": (
        "Cài các gói giao diện theo package-lock.json …",
        "Installing the front-end packages of package-lock.json …",
    ),
    "preparing": (
        "Chuẩn bị cơ sở dữ liệu và dữ liệu tham chiếu …",
        "Preparing the database and the reference data …",
    ),
    "loading_demo": (
        "Nạp dữ liệu minh họa (chỉ lần đầu) …",
        "Loading the demonstration (the first time only) …",
    ),
    "resetting_demo": (
        "Xóa cơ sở dữ liệu minh họa và nạp lại từ đầu …",
        "Dropping the demonstration database and loading afresh …",
    ),
    "disk_full": (
        "Đĩa còn quá ít chỗ trống: cần ít nhất {needed}. Hãy dọn bớt rồi chạy lại; xem bằng lệnh:\n    df -h .",
        "Too little room on the disk: at least {needed} is needed. Free some and run again; see it with:\n    df -h .",
    ),
    "venv_failed": (
        "Không tạo được môi trường Python trong {folder}: {reason}\nHãy kiểm tra quyền ghi vào thư mục, hoặc chạy:\n"
        "    sudo apt-get install python3-venv",
        "The Python environment in {folder} could not be made: {reason}\nCheck that the folder can be written, "
        "or run:\n    sudo apt-get install python3-venv",
    ),
    "pip_missing": (
        "Máy chưa có pip nên chưa cài được thư viện Python. Trên Debian hoặc Ubuntu, hãy chạy:\n"
        "    sudo apt-get install python3-venv\nKhông có quyền quản trị? Đặt tệp pip-*.whl cùng các tệp .whl khác vào "
        "một thư mục rồi chạy:\n    KHCN_WHEELS=/thư/mục ./khcn demo",
        "This machine has no pip, so the Python packages cannot be installed. On Debian or Ubuntu run:\n"
        "    sudo apt-get install python3-venv\nNot an administrator? Put pip-*.whl and the other wheels into a "
        "folder, then:\n    KHCN_WHEELS=/that/folder ./khcn demo",
    ),
    "hashes_differ": (
        "Một thư viện tải về không khớp mã băm ghi trong requirements; việc cài dừng lại để bảo đảm an toàn.\n{tail}\n"
        "Nguyên văn ở {log}. Xóa bộ nhớ tạm của pip rồi chạy lại:\n    .venv/bin/python -m pip cache purge",
        "A downloaded package does not match the hash in requirements; the installation stopped to stay safe.\n{tail}\n"
        "The whole text is in {log}. Clear pip's cache and run again:\n    .venv/bin/python -m pip cache purge",
    ),
    "no_network_python": (
        "Không lấy được thư viện Python: máy chưa nối mạng, hoặc kho gói không có bản cần.\n{tail}\n"
        "Hãy nối mạng (qua proxy: đặt biến HTTPS_PROXY) rồi chạy lại, hoặc dùng thư mục .whl đã tải sẵn:\n"
        "    KHCN_WHEELS=/thư/mục ./khcn demo",
        "The Python packages could not be fetched: no network, or the index lacks the version.\n{tail}\n"
        "Connect (through a proxy: set HTTPS_PROXY) and run again, or use a folder of wheels fetched before:\n"
        "    KHCN_WHEELS=/that/folder ./khcn demo",
    ),
    "pip_failed": (
        "Cài thư viện Python không thành công:\n{tail}\nNguyên văn ở {log}. Thường chỉ cần dựng lại môi trường:\n"
        "    rm -rf .venv && ./khcn demo",
        "Installing the Python packages failed:\n{tail}\nThe whole text is in {log}. Making the environment anew "
        "usually helps:\n    rm -rf .venv && ./khcn demo",
    ),
    "npm_failed": (
        "Cài các gói giao diện không thành công:\n{tail}\nNguyên văn ở {log}. Hãy kiểm tra mạng (qua proxy: đặt biến "
        "HTTPS_PROXY), rồi chạy lại lệnh vừa rồi; để xem riêng bước này:\n    npm ci --omit=dev",
        "Installing the front-end packages failed:\n{tail}\nThe whole text is in {log}. Check the network (through a "
        "proxy: set HTTPS_PROXY) and run the command again; to see this step alone:\n    npm ci --omit=dev",
    ),
    "node_missing": (
        "Không có Node.js (từ bản 18) và cũng không lấy được bản đóng gói. Trên Debian hoặc Ubuntu, hãy chạy:\n"
        "    sudo apt-get install nodejs npm",
        "There is no Node.js (18 or later) and the packaged one could not be had. On Debian or Ubuntu run:\n"
        "    sudo apt-get install nodejs npm",
    ),
    "prepare_failed": (
        "Chuẩn bị cơ sở dữ liệu không thành công (lý do ở ngay trên). Xem tình trạng máy bằng lệnh:\n    ./khcn check",
        "Preparing the database failed (the reason is just above). See the state of this machine with:\n"
        "    ./khcn check",
    ),
    "not_demo": (
        "Cơ sở dữ liệu này đang chứa dữ liệu thật, không phải dữ liệu minh họa, nên lệnh demo không đụng tới. "
        "Hãy dùng:\n    ./khcn serve\nhoặc thử ở một nơi riêng:\n    KHCN_VAR=/thư/mục/mới ./khcn demo",
        "This database holds real work, not the demonstration, so demo leaves it alone. Use:\n"
        "    ./khcn serve\nor try things out elsewhere:\n    KHCN_VAR=/a/new/folder ./khcn demo",
    ),
    "reset_needs_sqlite": (
        "demo --reset chỉ xóa cơ sở dữ liệu SQLite trong {var}; DATABASE_URL đang trỏ tới nơi khác nên không xóa gì.",
        "demo --reset only drops the SQLite database in {var}; DATABASE_URL points elsewhere, so nothing was dropped.",
    ),
    "in_use": (
        "KHCN đang chạy trên cùng cơ sở dữ liệu. Hãy dừng lại trước (Ctrl-C ở cửa sổ đang chạy, hoặc "
        "systemctl stop khcn) rồi chạy lại lệnh này.",
        "KHCN is running on the same database. Stop it first (Ctrl-C where it runs, or systemctl stop khcn), "
        "then run this command again.",
    ),
    "port_taken": (
        "Cổng {port} đang có chương trình khác dùng. Hãy chọn cổng khác, ví dụ:\n    ./khcn {command} --port {free}",
        "Port {port} is taken by another program. Choose another, for instance:\n    ./khcn {command} --port {free}",
    ),
    "port_moved": (
        "Cổng {port} đang bận nên dùng cổng {free}.",
        "Port {port} is busy, so port {free} is used.",
    ),
    "no_free_port": (
        "Không còn cổng trống nào từ {first} đến {last}. Hãy chọn cổng khác bằng --port.",
        "No free port between {first} and {last}. Choose one with --port.",
    ),
    "open_host_needs_production": (
        "Cấu hình dùng thử chỉ phục vụ trên máy này. Để phục vụ ở địa chỉ {host}, hãy cấu hình vận hành thật theo "
        "deploy/README.md (DJANGO_SETTINGS_MODULE=khcn.site.settings.production).",
        "The try-out settings serve this machine only. To serve on {host}, set up production as deploy/README.md says "
        "(DJANGO_SETTINGS_MODULE=khcn.site.settings.production).",
    ),
    "starting": ("Khởi động máy chủ web và tiến trình xử lý nền …", "Starting the web server and the worker …"),
    "child_died": (
        "{name} đã dừng ngoài ý muốn (mã {code}). Những dòng cuối của {log}:\n{tail}",
        "{name} stopped unexpectedly (code {code}). The last lines of {log}:\n{tail}",
    ),
    "not_answering": (
        "Máy chủ không trả lời sau {seconds} giây. Những dòng cuối của {log}:\n{tail}",
        "The server did not answer within {seconds} seconds. The last lines of {log}:\n{tail}",
    ),
    "ready": (
        "\nKHCN đang chạy tại  {address}\nNhấn Ctrl-C để dừng. Nhật ký: {logs}",
        "\nKHCN is running at  {address}\nPress Ctrl-C to stop. Logs: {logs}",
    ),
    "ready_in": ("Sẵn sàng sau {seconds} giây.", "Ready after {seconds} seconds."),
    "accounts": (
        "\nTài khoản minh họa (mật khẩu chung: {password}):",
        "\nDemonstration accounts (one password for all: {password}):",
    ),
    "illustration": (
        "Mọi nhiệm vụ, tổ chức và con người trong dữ liệu minh họa đều là hư cấu.",
        "Every task, organisation and person in the demonstration is invented.",
    ),
    "stopping": ("Đang dừng …", "Stopping …"),
    "stopped": ("Đã dừng.", "Stopped."),
    "page_fine": ("  đạt   {page}  ({milliseconds} ms)", "  fine   {page}  ({milliseconds} ms)"),
    "page_wrong": ("  HỎNG  {page}: {reason}", "  WRONG  {page}: {reason}"),
    "check_fine": (
        "Bản minh họa chạy tốt: {count} trang, đăng nhập được, tệp giao diện đầy đủ.",
        "The demonstration works: {count} pages, signing in, and every style and script.",
    ),
    "check_wrong": (
        "Bản minh họa có {count} chỗ hỏng (kể ở trên). Nhật ký của máy chủ: {log}",
        "The demonstration has {count} faults (named above). The server's log: {log}",
    ),
    "unknown_bench": (
        "Không có phép đo tên {name}. Hiện có: {names}",
        "There is no benchmark named {name}. There are: {names}",
    ),
    "unknown_layer": (
        "Không có tầng kiểm thử tên {name}. Hiện có: {names}",
        "There is no test layer named {name}. There are: {names}",
    ),
    "layer": ("── Tầng kiểm thử: {name}", "── Test layer: {name}"),
    "layer_ended": ("── Tầng kiểm thử {name} đã chạy xong:", "── Test layer {name} has ended:"),
    "layer_skipped": ("── BỎ QUA tầng {name}: {reason}", "── SKIPPED layer {name}: {reason}"),
    "installing_debian": (
        "Cài gói của Debian: {packages} …",
        "Installing Debian's packages: {packages} …",
    ),
    "debian_missing": (
        "máy chưa có {what}. Hãy chạy: sudo apt-get install {packages}",
        "this machine lacks {what}. Run: sudo apt-get install {packages}",
    ),
}  # fmt: skip

_language = "en" if os.environ.get("KHCN_LANG") == "en" else "vi"


def speak(language: str) -> None:
    """Chooses "vi" or "en" for all that follows, child processes included."""
    global _language
    _language = language
    os.environ["KHCN_LANG"] = language


def sentence(key: str, **facts: object) -> str:
    """The sentence of the key in the chosen language, with its facts put in."""
    return _CATALOGUE[key][_language == "en"].format(**facts)


def tell(vietnamese: str, english: str) -> str:
    """Whichever of the two texts fits the chosen language."""
    return english if _language == "en" else vietnamese


def write(text: str, stream: TextIO | None = None) -> None:
    """One line of result on standard output, or on the stream given."""
    stream = stream or sys.stdout
    stream.write(text + "\n")
    stream.flush()


def say(key: str, **facts: object) -> None:
    """Progress for the person at the terminal; never mixes with results on standard output."""
    write(sentence(key, **facts), sys.stderr)


class Stop(Exception):
    """Ends the command with a sentence that names what is missing and the command that mends it."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return sentence(self.key, **self.facts)
