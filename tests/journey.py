"""The whole way of a plan, as people go it: from the file to a confirmed application and figures that moved.

One script for two drivers, a browser (tests/browser) and Django's test client (tests/flows). A driver gives agents:
each is one signed-in person at a page. The script knows addresses, names of buttons and of fields, nothing of the
database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol

START = date(2027, 1, 11)
PASSWORD = "Một mật khẩu dài 2027"
PLAN_TEXT = """ỦY BAN NHÂN DÂN
TỈNH BÌNH ĐÔNG
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 412/KH-UBND
Bình Đông, ngày 20 tháng 12 năm 2026

KẾ HOẠCH
Nghiên cứu, ứng dụng khoa học và công nghệ giai đoạn 2026 - 2030

Thực hiện Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị; Chương trình hành động số 21-CTr/TU ngày 15/3/2026
của Tỉnh ủy; theo đề nghị của Sở Khoa học và Công nghệ tại Tờ trình số 210/TTr-SKHCN ngày 05/12/2026, Ủy ban nhân dân
tỉnh ban hành Kế hoạch như sau:

I. MỤC TIÊU
1. Mục tiêu chung
Đưa tiến bộ khoa học và công nghệ vào sản xuất và quản lý, nâng cao năng suất, chất lượng sản phẩm của tỉnh.
2. Mục tiêu cụ thể
- Ứng dụng thành công ít nhất 01 hệ thống thông tin, phần mềm, ít nhất 02 hệ thống cơ giới, tự động hóa phục vụ \
quản lý nhà nước, sản xuất kinh doanh, cảnh báo thiên tai, bảo vệ tài nguyên và môi trường.
- Ứng dụng ít nhất 02 chế phẩm sinh học, ít nhất 01 sản phẩm vật liệu nano và 02 quy trình kỹ thuật vào sản xuất nông \
nghiệp.
- Đến năm 2030, 100% cơ quan nhà nước cấp tỉnh, cấp xã áp dụng hiệu quả ISO điện tử.
- 100% nhiệm vụ được nghiệm thu đạt được đưa vào ứng dụng, có sản phẩm cụ thể.

II. NỘI DUNG
1. Công nghệ thông tin
- Ứng dụng công nghệ thông tin trong quản lý vùng trồng.
- Truy xuất nguồn gốc nông sản.
2. Công nghệ sinh học
- Chế phẩm sinh học cho cây trồng chủ lực.

III. KINH PHÍ THỰC HIỆN
Tổng kinh phí: 30.000.000.000 đồng (ba mươi tỷ đồng), từ các nguồn:
- Kinh phí sự nghiệp khoa học và công nghệ hằng năm.
- Vốn đối ứng của doanh nghiệp.

IV. TỔ CHỨC THỰC HIỆN
1. Sở Khoa học và Công nghệ
- Là cơ quan thường trực, chủ trì triển khai kế hoạch.
- Tổng hợp, báo cáo định kỳ.
2. Sở Tài chính
- Bố trí kinh phí trong dự toán hằng năm.

Nơi nhận:
- Bộ Khoa học và Công nghệ;
- Các sở, ban, ngành;
- Lưu: VT.
"""
TITLE = "Nghiên cứu bộ giải pháp sinh học, vật liệu và tự động hóa cho vùng điều già cỗi tại Bù Gia Mập"
#: name, type, purpose, sector, quantity, unit: one product for each of T1 to T5.
PRODUCTS = (
    ("Phần mềm quản lý vùng điều", "software", "production", "agriculture", "1", "hệ thống"),
    ("Hệ thống phun tự động", "mechanisation", "production", "agriculture", "1", "hệ thống"),
    ("Chế phẩm nấm đối kháng", "bioproduct", "production", "agriculture", "1", "chế phẩm"),
    ("Nano đồng phòng bệnh", "nanomaterial", "production", "agriculture", "1", "sản phẩm"),
    ("Quy trình cải tạo vườn điều", "process", "production", "agriculture", "1", "quy trình"),
)
#: Targets that must move: a product of each kind, the share of accepted tasks applied. T6 counts offices, by the day.
CHANGED = {"T1", "T2", "T3", "T4", "T5", "T7"}
HOST, USER = "truonggiang", "Hợp tác xã Điều"
EXPERTS = {
    "hongvan": "Quách Thị Hồng Vân", "duongkhanh": "Âu Dương Khánh", "baotran": "Từ Bảo Trân",
    "minhtriet": "Khổng Minh Triết", "suongmai": "Ông Thị Sương Mai",
    "dinhtri": "Viên Đình Trí", "vancanh": "Giáp Văn Cảnh",
}  # fmt: skip
#: seat → account, in the order of seating; the two with accounts of the demonstration chair and review.
SEATS = (
    ("chair", "chutich", "Hà Văn Thạch"), ("vice_chair", "hongvan", EXPERTS["hongvan"]),
    ("reviewer", "phanbien", "Bạch Hưng Nguyên"), ("reviewer", "duongkhanh", EXPERTS["duongkhanh"]),
    ("member", "baotran", EXPERTS["baotran"]), ("member", "minhtriet", EXPERTS["minhtriet"]),
    ("sci_secretary", "suongmai", EXPERTS["suongmai"]),
)  # fmt: skip


def scaled(value: Any, most: str | None) -> Any:
    """For a field with a maximum, "90 %" is that share of it, down to a whole number; anything else stays."""
    if most and isinstance(value, str) and value.endswith("%"):
        return int(Decimal(most) * Decimal(value.rstrip(" %")) / 100)
    return value


#: An acceptance council has nine members.
MORE_SEATS = (("member", "dinhtri", EXPERTS["dinhtri"]), ("member", "vancanh", EXPERTS["vancanh"]))


class Agent(Protocol):
    """One person at a page."""

    def open(self, path: str) -> Any:
        """Go to an address."""

    def follow(self, name: str, *, holding: str = "") -> None:
        """Click the first link in the main part (or in the article that holds a text) whose text is the name."""

    def follow_to(self, pattern: str) -> None:
        """Click the first link in the main part whose address matches the regular expression whole."""

    def submit(self, button: str, values: Mapping[str, Any] | None = None, *, holding: str = "") -> None:
        """Fill the form that has the button (and the text `holding`), press it, say yes if asked; a refusal raises."""

    def add_line(self, part: str) -> None:
        """Add an empty line to a list of lines of the form."""

    def table(self, caption: str) -> list[list[str]]:
        """The texts of the cells of a table's body, row by row."""

    def value_of(self, selector: str) -> str:
        """The value of a field."""

    def text(self) -> str:
        """What the main part of the page says."""

    @property
    def path(self) -> str:
        """The address of the page, without the site."""


@dataclass(frozen=True)
class Figures:
    """What the plan's dashboard says of each target, by code, and the table of report R1 as text."""

    targets: dict[str, str]
    report: str


@dataclass
class Journey:
    """The script. person: gives an account's agent. move_to: sets the day. shoot: takes a picture for the guide."""

    person: Callable[..., Agent]
    move_to: Callable[[date], None]
    shoot: Callable[[Agent, str], None] = lambda agent, name: None
    today: date = START
    places: dict[str, str] = field(default_factory=dict)
    file: Any = ""

    def walk(self, file: Any) -> tuple[Figures, Figures]:
        """All of it; the figures after the plan was adopted and after its first results are in use."""
        self.file = file
        self.adopt_plan(file)
        before = Figures(self.measure("truoc"), self.report("truoc"))
        self.open_accounts()
        self.propose()
        self.hold_council("identification", "proposal", {"item_*": "pass"})
        self.order()
        self.apply()
        self.hold_council("selection", "application", {"score_*": "90 %"})
        self.answer_and_appraise()
        self.sign()
        self.work()
        self.accept()
        self.apply_results()
        return before, Figures(self.measure("sau"), self.report("sau"))

    def go_on(self, days: int) -> None:
        """Let days pass."""
        self.today += timedelta(days=days)
        self.move_to(self.today)

    def day(self, days: int = 0) -> str:
        """A day from today as people type it."""
        return f"{self.today + timedelta(days=days):%d/%m/%Y}"

    # Accounts

    def open_accounts(self) -> None:
        """The administrator opens accounts for the host's leader and the experts; each sets a password by the link."""
        admin = self.person("quantri")
        for username, name in {HOST: "Đoàn Trường Giang", **EXPERTS}.items():
            admin.open("/he-thong/tai-khoan/moi/")
            admin.submit("Mở tài khoản", {"person": name, "username": username})
            if username == HOST:
                admin.submit(
                    "Ghi chức vụ",
                    {
                        "post": "Tổ chức chủ trì, Chủ nhiệm", "organisation": "Chi cục Kiểm lâm",
                        "valid_from": "01/01/2026", "decision": "12/QĐ-SNN ngày 28/12/2025",
                    },
                )  # fmt: skip
                self.shoot(admin, "tai-khoan-chuc-vu")
            admin.submit("Đường dẫn đặt mật khẩu")
            if username == HOST:
                self.shoot(admin, "tai-khoan-duong-dan")
            guest = self.person("")
            guest.open(admin.value_of("#password-link"))
            guest.submit("Đổi mật khẩu", {"password1": PASSWORD, "password2": PASSWORD})

    def expert(self, username: str) -> Agent:
        """The agent of somebody to whom this script gave the account, or of the demonstration's."""
        return self.person(username, password=PASSWORD) if username in {HOST, *EXPERTS} else self.person(username)

    # The plan

    def adopt_plan(self, file: Any) -> None:
        """The specialist has the file read, corrects one thing, and adopts the plan; its targets stand at nothing."""
        specialist = self.person("chuyenvien")
        specialist.open("/ke-hoach/")
        self.shoot(specialist, "ke-hoach-danh-sach")
        specialist.follow("Đọc kế hoạch từ tệp")
        self.shoot(specialist, "ke-hoach-doc-tep")
        specialist.submit("Đọc tệp", {"file": file})
        assert "Có ít nhất 01" not in specialist.text()
        self.shoot(specialist, "ke-hoach-doi-chieu")
        specialist.submit("Ghi phần sửa", {"head-title": "Kế hoạch khoa học và công nghệ giai đoạn 2026 - 2030"})
        specialist.submit(
            "Đưa kế hoạch vào theo dõi",
            {"code": "KH-2026-2030", "standing_body": "Sở Khoa học và Công nghệ", "seen": True},
        )
        assert "Kế hoạch khoa học và công nghệ giai đoạn 2026 - 2030" in specialist.text()
        self.places["plan"] = specialist.path
        self.shoot(specialist, "ke-hoach-trang")

    def measure(self, when: str) -> dict[str, str]:
        """The specialist measures; what each target of the dashboard then stands at, by code."""
        specialist = self.person("chuyenvien")
        specialist.open(f"{self.places['plan']}tong-quan/")
        specialist.submit("Đo lại", {"as_of": self.day()})
        specialist.open(f"{self.places['plan']}tong-quan/")
        self.shoot(specialist, f"tong-quan-{when}")
        rows = specialist.table("Chỉ tiêu của kế hoạch")
        return {row[0].split()[0]: row[2].strip() for row in rows}

    def report(self, when: str) -> str:
        """Report R1 of the plan up to today; the text of its table."""
        specialist = self.person("chuyenvien")
        specialist.open(f"/bao-cao/lap/?plan={self.uid('plan')}&report=R1")
        specialist.submit(
            "Tổng hợp số liệu", {"period": "ad_hoc", "start": "01/01/2026", "end": self.day(-1), "report": "R1"}
        )
        specialist.open(specialist.path)
        if when == "sau":
            self.shoot(specialist, "bao-cao-sau")
        return "\n".join(" | ".join(row) for row in specialist.table("Tình hình thực hiện kế hoạch"))

    def uid(self, place: str) -> str:
        """The uid in the address of a place."""
        return self.places[place].rstrip("/").split("/")[-1]

    # From the proposal to the order

    def propose(self) -> None:
        """The host's officer writes a proposal; the department takes it in, looks the topic up and signs."""
        proposer = self.expert(HOST)
        proposer.open("/de-xuat/")
        proposer.follow("Lập phiếu đề xuất")
        proposer.submit("Lập phiếu", {"title": TITLE})
        proposer.submit(
            "Ghi và xem lại",
            {
                "kind": "research", "plan": "giai đoạn 2026 - 2030", "field": "Công nghệ sinh học",
                "line": "Chế phẩm sinh học", "is_secret": "no", "year_from": "2027", "year_to": "2028",
                "grounds": "Kế hoạch số 412/KH-UBND của Ủy ban nhân dân tỉnh.",
                "need": "Hơn một nửa diện tích điều đã già, năng suất giảm, bệnh thán thư nặng.",
                "objective": "Có bộ giải pháp dùng được trên 50 ha điều.",
                "contents": "Khảo sát hiện trạng\nNghiên cứu, chế tạo\nThử nghiệm, chuyển giao",
                "expected_products": "05 sản phẩm như trong thuyết minh",
                "application_address": "Hợp tác xã Điều Đắk Ơ cam kết tiếp nhận, sử dụng.",
                "effects": "Tăng năng suất ít nhất 20 %.", "place": "Bù Gia Mập", "orderer": "Hợp tác xã Điều",
                "budget_vnd": "1200000000",
            },
        )  # fmt: skip
        self.shoot(proposer, "de-xuat-phieu")
        proposer.submit("Nộp phiếu")
        self.places["proposal"] = proposer.path
        specialist = self.person("chuyenvien")
        specialist.open(self.places["proposal"])
        specialist.submit("Xác nhận hợp lệ")
        specialist.submit("Tra cứu trùng lặp")
        self.shoot(specialist, "tra-cuu-ket-qua")
        specialist.submit(
            "Ký kết quả tra cứu",
            {"is_duplicate": "no", "verdict": "Đã đọc năm hồ sơ gần nhất: khác đối tượng, địa bàn; không trùng lặp."},
        )

    def hold_council(
        self, kind: str, record: str, ballot: Mapping[str, Any], *, closing: Mapping[str, Any] | None = None
    ) -> None:
        """Found a council for a record, seat it, send papers, meet, vote in secret, count, sign, and close it."""
        secretary = self.person("thuky")
        secretary.open(f"/hoi-dong/lap/{kind}/")
        secretary.submit("Lập dự kiến", {"records": [self.uid(record)]})
        council = self.places[kind] = secretary.path
        seats = (*SEATS, *MORE_SEATS) if kind == "acceptance" else SEATS
        for seat, _account, name in seats:
            secretary.open(f"{council}thanh-vien/them/?q={name}")
            secretary.submit("Thêm", {"role": seat}, holding=name)
        secretary.open(council)
        if kind == "identification":
            self.shoot(secretary, "hoi-dong-identification-thanh-vien")
        director = self.person("giamdoc")
        director.open(council)
        director.follow("Ban hành quyết định thành lập")
        director.submit("Ban hành quyết định thành lập", {"decision_number": f"{len(self.places)}1/QĐ-SKHCN"})
        secretary.open(council)
        secretary.follow("Gửi tài liệu và mời họp")
        secretary.submit(
            "Gửi tài liệu và mời họp",
            {"meets_on": self.day(10), "meets_time": "08:30", "venue": "Phòng họp số 2, Sở Khoa học và Công nghệ"},
        )
        for _seat, account, _name in seats:
            member = self.expert(account)
            member.open(council)
            member.follow("Cam kết không xung đột lợi ích")
            member.submit("Cam kết không xung đột lợi ích")
            member.follow("Gửi phiếu nhận xét")
            member.submit("Gửi phiếu nhận xét", {"contents": "Nội dung rõ, có địa chỉ ứng dụng, tính khả thi cao."})
        self.go_on(10)
        secretary.open(council)
        secretary.follow("Điểm danh, khai mạc")
        secretary.submit("Điểm danh, khai mạc", {"present": True})
        for _seat, account, _name in seats:
            member = self.expert(account)
            member.open(council)
            member.follow("Bỏ phiếu kín")
            if account == "chutich":
                self.shoot(member, f"hoi-dong-{kind}-phieu")
            member.submit("Bỏ phiếu kín", ballot)
        secretary.open(council)
        secretary.follow("Niêm phong phiếu")
        secretary.submit("Niêm phong phiếu")
        secretary.follow("Kiểm phiếu")
        secretary.submit("Kiểm phiếu")
        secretary.open(f"{council}xem/kiem-phieu/")
        self.shoot(secretary, f"hoi-dong-{kind}-kiem-phieu")
        scientific = self.expert("suongmai")
        scientific.open(council)
        scientific.follow("Ký biên bản (thư ký)")
        scientific.submit("Ký biên bản (thư ký)")
        chair = self.expert("chutich")
        chair.open(council)
        chair.follow("Kết luận, ký biên bản")
        chair.submit("Kết luận, ký biên bản", {"conclusion": "Hội đồng thống nhất kết quả kiểm phiếu."})
        secretary.open(council)
        secretary.follow("Ghi nhận kết quả, kết thúc")
        secretary.submit("Ghi nhận kết quả, kết thúc", closing or {})
        secretary.open(f"{council}xem/bien-ban/")
        if kind == "acceptance":
            self.shoot(secretary, "hoi-dong-acceptance-bien-ban")

    def order(self) -> None:
        """The year's list is made, approved and published; the call is signed."""
        specialist = self.person("chuyenvien")
        specialist.open("/danh-muc/moi/")
        specialist.submit(
            "Lập danh mục", {"title": "Danh mục đặt hàng năm 2027", "year": "2027", "plan": "giai đoạn 2026 - 2030"}
        )
        self.places["order_list"] = specialist.path
        specialist.submit("Đưa vào danh mục", {"proposal": TITLE})
        specialist.submit("Ghi lại", {})
        director, leader = self.person("giamdoc"), self.person("lanhdao")
        director.open(self.places["order_list"])
        director.submit("Trình phê duyệt")
        leader.open(self.places["order_list"])
        leader.submit("Phê duyệt", {"decision_number": "88/QĐ-UBND", "on": self.day()})
        specialist.open(self.places["order_list"])
        specialist.submit("Công bố")
        self.shoot(specialist, "danh-muc")
        specialist.follow("Dự thảo thông báo")
        specialist.submit("Lập dự thảo")
        self.places["call"] = specialist.path
        director.open(self.places["call"])
        director.submit("Ký và mở nhận hồ sơ từ hôm nay")

    # From the dossier to the task

    def apply(self) -> None:
        """The host writes its dossier and sends it; after the last day the department opens it."""
        host = self.expert(HOST)
        host.open(self.places["call"])
        host.follow("Lập hồ sơ đăng ký")
        for _extra in PRODUCTS[1:]:
            host.add_line("products")
        names = ("name", "type", "purpose", "sector", "quantity", "unit")
        values: dict[str, Any] = {
            "pi": "Đoàn Trường Giang", "partners": "Hợp tác xã Điều", "months": "12", "lump_mode": "partial",
            "state_vnd": "1200000000", "summary": "Thuyết minh tóm tắt: bộ giải pháp cho vùng điều già cỗi.",
            "objective": "Có bộ giải pháp dùng được trên 50 ha điều.", "place": "Bù Gia Mập", "papers": True,
            "contents-0-title": "Nghiên cứu, chế tạo, thử nghiệm", "contents-0-month_from": "1",
            "contents-0-month_to": "12", "budget-0-kind": "remuneration", "budget-0-source": "S1",
            "budget-0-year": "2027", "budget-0-amount_vnd": "1200000000",
        }  # fmt: skip
        for place, product in enumerate(PRODUCTS):
            values |= {f"products-{place}-{name}": value for name, value in zip(names, product, strict=True)}
        self.shoot(host, "ho-so-soan")
        host.submit("Ghi hồ sơ", values)
        self.places["application"] = host.path
        host.submit("Nộp hồ sơ")
        self.shoot(host, "ho-so-da-nop")
        self.go_on(31)
        specialist = self.person("chuyenvien")
        specialist.open(self.places["call"])
        specialist.submit("Đóng nhận hồ sơ")
        specialist.follow("Mở hồ sơ")
        self.shoot(specialist, "mo-ho-so")
        specialist.submit("Mở hồ sơ và lập biên bản")

    def answer_and_appraise(self) -> None:
        """The host follows the council's remarks; the appraisal team agrees the money; the task is approved."""
        host = self.expert(HOST)
        host.open(self.places["application"])
        host.submit("Nộp hồ sơ chỉnh sửa", {"explanation": "Đã bổ sung số liệu năng suất và phương án duy trì."})
        secretary = self.person("thuky")
        secretary.open("/hoi-dong/lap/budget_appraisal/")
        secretary.submit("Lập dự kiến", {"records": [self.uid("application")]})
        team = self.places["team"] = secretary.path
        seats = (
            ("team_head", "Trần Thu Hà"), ("team_vice", "Bùi Thị Ngọc Châu"), ("team_member", "Võ Ngọc Kế"),
            ("team_member", "Hà Văn Thạch"), ("team_member", EXPERTS["hongvan"]),
        )  # fmt: skip
        for seat, name in seats:
            secretary.open(f"{team}thanh-vien/them/?q={name}")
            secretary.submit("Thêm", {"role": seat}, holding=name)
        director = self.person("giamdoc")
        director.open(team)
        director.follow("Ban hành quyết định thành lập")
        director.submit("Ban hành quyết định thành lập", {"decision_number": "77/QĐ-SKHCN"})
        secretary.open(team)
        secretary.follow("Gửi tài liệu và mời họp")
        secretary.submit("Gửi tài liệu và mời họp", {"meets_on": self.day(7), "venue": "Phòng họp số 1"})
        for account in ("truongphong", "taichinh", "ketoan", "chutich", "hongvan"):
            member = self.expert(account)
            member.open(team)
            member.follow("Cam kết không xung đột lợi ích")
            member.submit("Cam kết không xung đột lợi ích")
        self.go_on(7)
        secretary.open(team)
        secretary.follow("Điểm danh, khai mạc")
        secretary.submit("Điểm danh, khai mạc", {"present": True})
        secretary.open(team)
        secretary.follow("Ghi kết luận thẩm định")
        secretary.submit(
            "Ghi kết luận thẩm định",
            {
                "amount_vnd": "1150000000",
                "months": "12",
                "lump_mode": "partial",
                "line_0": "Giảm công lao động phổ thông",
            },
        )
        self.shoot(secretary, "tham-dinh")
        head = self.person("truongphong")
        head.open(team)
        head.follow("Kết luận, ký biên bản")
        head.submit("Kết luận, ký biên bản", {"conclusion": "Tổ thẩm định thống nhất kinh phí 1.150.000.000 đồng."})
        secretary.open(team)
        secretary.follow("Ghi nhận kết quả, kết thúc")
        secretary.submit("Ghi nhận kết quả, kết thúc", {})
        host.open(self.places["application"])
        host.follow("Sửa hồ sơ")
        host.submit("Ghi hồ sơ", {"state_vnd": "1150000000", "budget-0-amount_vnd": "1150000000"})
        host.submit("Nộp hồ sơ chỉnh sửa", {"explanation": "Đã điều chỉnh dự toán theo kết luận thẩm định."})
        leader = self.person("lanhdao")
        leader.open(self.places["application"])
        leader.submit("Phê duyệt", {"decision_number": "215/QĐ-UBND", "on": self.day()})
        leader.follow_to(r"/nhiem-vu/[0-9a-f-]{36}/")
        self.places["task"] = leader.path
        director.open(self.places["call"])
        director.submit("Kết luận tuyển chọn")

    # From the contract to the applied result

    def act(
        self, account: str, title: str, values: Mapping[str, Any] | None = None, *, tab: str = "", holding: str = ""
    ) -> Agent:
        """Somebody does one thing on the task, or on the part that holds a text: follows the button, sends the form."""
        agent = self.expert(account)
        agent.open(self.places["task"] + (f"xem/{tab}/" if tab else ""))
        agent.follow(title, holding=holding)
        agent.submit(title, values or {})
        return agent

    def sign(self) -> None:
        """The contract is signed and the work begins."""
        signed = self.act(
            "giamdoc", "Ký hợp đồng",
            {
                "number": "05/2027/HĐ-KHCN", "start_on": self.day(1), "end_on": self.day(366), "signed_by_both": True,
                "manager": "Sở Khoa học và Công nghệ",
            },
        )  # fmt: skip
        self.shoot(signed, "nhiem-vu-hop-dong")
        self.go_on(1)
        self.act("chuyenvien", "Bắt đầu thực hiện")

    def work(self) -> None:
        """Money, a progress report in time, and the end of the work."""
        finance = self.person("taichinh")
        finance.open(f"/kinh-phi/?plan={self.uid('plan')}")
        finance.follow("Khung kinh phí")
        finance.submit(
            "Ghi lại",
            {
                "source": "S1", "year": "2027", "planned_vnd": "6000000000", "granted_vnd": "5000000000",
                "certainty": "secured", "basis": "Nghị quyết dự toán năm 2027",
            },
        )  # fmt: skip
        allocated = {"kind": "allocation", "amount_vnd": "1150000000", "document_number": "QĐ-01"}
        self.act("ketoan", "Ghi bút toán", {**allocated, "source": "S1", "year": "2027"}, tab="kinh-phi")
        self.advance_money("500000000")
        self.go_on(180)
        self.act(
            HOST, "Nộp báo cáo tiến độ",
            {"content": "Xong khảo sát, đã có mẫu thử.", "percent_done": "55", "spent_vnd": "480000000"}, tab="tien-do",
        )  # fmt: skip
        checked = self.act(
            "chuyenvien", "Kiểm tra báo cáo", {"is_accepted": "1", "remark": "Đúng tiến độ."}, tab="tien-do"
        )
        self.shoot(checked, "nhiem-vu-tien-do")
        self.go_on(190)

    def advance_money(self, amount: str) -> None:
        """The first advance: its file, the four papers that the Treasury wants, sent, and entered when it is paid."""
        agent = self.person("ketoan")
        agent.open(self.places["task"] + "xem/kinh-phi/")
        agent.follow("Lập hồ sơ thanh toán")
        agent.submit("Ghi lại", {"kind": "advance", "source": "S1", "year": "2027", "amount_vnd": amount})
        for paper in ("QD-PD", "HD", "DT-NAM", "GRDT-TU"):
            agent.submit("Đính kèm", {"code": paper, "file": self.file})
        agent.submit("Gửi Kho bạc Nhà nước")
        agent.submit("Ghi sổ", {"document_number": "UNC-07"})
        agent.open(self.places["task"] + "xem/kinh-phi/")
        self.shoot(agent, "nhiem-vu-kinh-phi")

    def accept(self) -> None:
        """Dossier, validity, council, completion, registration, recognition."""
        self.act(HOST, "Lập hồ sơ nghiệm thu", {"items": True, "self_grade": "pass", "self_evaluated_on": self.day(-2)})
        filed = self.act(HOST, "Nộp hồ sơ nghiệm thu")
        self.shoot(filed, "nghiem-thu-ho-so")
        self.act("chuyenvien", "Xác nhận hợp lệ, đưa ra hội đồng")
        grades = {f"{name}_*": "pass" for name in ("quality", "kind", "quantity")}
        self.hold_council("acceptance", "task", {**grades, "report": "pass", "stated": "pass"})
        self.go_on(10)
        self.act("chutich", "Xác nhận hoàn thiện sau nghiệm thu")
        self.act(
            HOST, "Nộp hồ sơ đăng ký kết quả",
            {"abstract": "Bộ giải pháp dùng được trên 50 ha điều già cỗi.", "has_source_code": True},
        )  # fmt: skip
        registered = self.act("thongtin", "Cấp giấy chứng nhận đăng ký")
        self.shoot(registered, "dang-ky")
        self.act("giamdoc", "Công nhận kết quả", {"decision_number": "31/QĐ-SKHCN"})
        self.act("thongtin", "Công bố kết quả")

    def apply_results(self) -> None:
        """Every product is handed over, signed for, used for half a year, and confirmed by the body that uses it."""
        tab = "san-pham"
        for place, (name, *_rest) in enumerate(PRODUCTS):
            handed = {"receiver": USER, "minutes_number": f"{place + 1}/BB-BG"}
            self.act(HOST, "Bàn giao sản phẩm", handed, tab=tab, holding=name)
        for _product in PRODUCTS:
            self.act("donvi", "Ký nhận bàn giao", tab=tab)
        self.go_on(3)
        for name, *_rest in PRODUCTS:
            used = {
                "user_organisation": USER,
                "used_from": self.day(-1),
                "scale": "50 ha, 60 hộ",
                "place_name": "Đắk Ơ",
            }
            self.act(HOST, "Lập phiếu ứng dụng", used, tab=tab, holding=name)
        self.go_on(200)
        for place in range(len(PRODUCTS)):
            confirmed = self.act("donvi", "Xác nhận ứng dụng", {"number": f"{place + 9}/XN-HTX"}, tab=tab)
        self.shoot(confirmed, "ung-dung-xac-nhan")
        self.act("chuyenvien", "Kết luận đã ứng dụng", tab=tab)
