"""The command line of `./khcn`; makes `.venv`, moves into it, and calls what the command asks for."""

import argparse
import os
import sys
import time
from collections.abc import Sequence

from khcn.site.launcher import house, machine, messages, python_env
from khcn.site.launcher.messages import Stop, tell, write

#: Management commands that read files or texts and answer; they start before any database is made.
CHECKS_OF_FILES = ("cap_check", "epcis_check", "gs1_check")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./khcn", description=tell("Nền tảng KHCN.", "The KHCN platform."))
    parser.add_argument("--en", action="store_true", help="speak English")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, vietnamese: str, english: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=tell(vietnamese, english), description=tell(vietnamese, english))
        made.add_argument("--en", action="store_true", default=argparse.SUPPRESS, help="speak English")
        return made

    demo = command("demo", "cài đặt, nạp dữ liệu minh họa và chạy thử", "set up, load the demonstration and serve it")
    demo.add_argument("--port", type=_port_number, help=tell("cổng (mặc định 8000)", "port (8000 unless told)"))
    demo.add_argument("--reset", action="store_true", help=tell("xóa và nạp lại từ đầu", "drop it and load afresh"))
    demo.add_argument(
        "--check", action="store_true", help=tell("mở các trang chính rồi dừng", "visit the main pages, stop")
    )
    serve = command("serve", "chạy máy chủ web và tiến trình xử lý nền", "run the web server and the worker")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=_port_number)
    serve.add_argument("--workers", type=int, default=2, help=tell("số tiến trình web", "web processes"))
    serve.add_argument("--only", choices=("web", "worker"), help=tell("chỉ chạy một phần", "run one part only"))
    test = command("test", "chạy toàn bộ kiểm thử", "run the whole test suite")
    test.add_argument("layers", nargs="*", help=tell("chỉ chạy các tầng này", "only these layers"))
    test.add_argument(
        "--fast", action="store_true", help=tell("bỏ PostgreSQL và trình duyệt", "no PostgreSQL, no browser")
    )
    check = command("check", "xem máy và bản cài có thiếu gì không", "see what machine and installation lack")
    check.add_argument("--port", type=_port_number, default=8000)
    bench = command("bench", "đo hiệu năng", "measure")
    bench.add_argument("name")
    command("manage", "gọi lệnh quản trị của Django", "call a management command")
    backup = command("backup", "sao lưu cơ sở dữ liệu và tệp vào một tệp", "back up database and files into one file")
    backup.add_argument("file", nargs="?")
    backup.add_argument("--keep", type=int, help=tell("chỉ giữ N bản mới nhất", "keep only the N newest"))
    restore = command("restore", "kiểm tra rồi khôi phục từ bản sao lưu", "verify a backup, then restore it")
    restore.add_argument("file")
    broken = tell("khôi phục dù chuỗi nhật ký đã đứt từ trước", "restore though the audit chain had broken before")
    restore.add_argument("--broken-chain", action="store_true", help=broken)
    restore.add_argument(
        "--drill", action="store_true", help=tell("diễn tập ở nơi tạm", "rehearse in a temporary place")
    )
    return parser


def _port_number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 65535:
        raise argparse.ArgumentTypeError("1–65535")
    return number


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns the exit code."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    os.environ.setdefault("KHCN_BEGAN", str(time.monotonic()))  # survives the move into `.venv`
    given = list(arguments)
    passed_on: list[str] = []
    if "manage" in given[:2]:  # all that follows belongs to Django, options too
        place = given.index("manage") + 1
        given, passed_on = given[:place], given[place:]
    elif "--" in given:
        place = given.index("--")
        given, passed_on = given[:place], given[place + 1 :]
    if "--en" in given:
        messages.speak("en")
    parser = _parser()
    if not given:
        parser.print_help()
        return 2
    options, unknown = parser.parse_known_args(given)
    if unknown and options.command != "bench":
        parser.error(" ".join(unknown))
    try:
        if options.command != "check":  # which looks and changes nothing
            python_env.ensure("base")
        elif not house.venv_python().exists():
            return machine.report(options.port)
        _move_into_venv(arguments)
        return _dispatch(options, [*unknown, *passed_on])
    except Stop as reason:
        write(f"\n{reason}", sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _move_into_venv(arguments: Sequence[str]) -> None:
    """Becomes `.venv`'s Python, where this process is not on it yet."""
    if not house.inside_venv():
        python = str(house.venv_python())
        os.execv(python, [python, "-P", "-m", "khcn.site.launcher", *arguments])  # noqa: S606 - our own Python


def _dispatch(options: argparse.Namespace, rest: list[str]) -> int:
    """Calls what the command asks for; imported here because it needs what `.venv` holds."""
    from khcn.site.launcher import demonstration, preparation, suite

    match options.command:
        case "check":
            return machine.report(options.port)
        case "demo":
            return demonstration.demo(port=options.port, reset=options.reset, check=options.check)
        case "serve":
            return demonstration.serve(
                host=options.host, port=options.port, workers=options.workers,
                web=options.only != "worker", worker=options.only != "web",
            )  # fmt: skip
        case "test":
            return suite.run(options.layers, fast=options.fast, extra=rest)
        case "bench":
            return suite.bench(options.name, rest)
        case "backup":
            keep = ["--keep", str(options.keep)] if options.keep else []
            return preparation.manage(["backup", *([options.file] if options.file else []), *keep])
        case "restore":
            asked = [f"--{name}" for name in ("drill", "broken-chain") if vars(options)[name.replace("-", "_")]]
            return preparation.manage(["restore", options.file, *asked])
    if rest[:1] != ["migrate"]:
        preparation.install()
        if not rest or rest[0] not in CHECKS_OF_FILES:
            preparation.ensure()
    return preparation.manage(rest)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
