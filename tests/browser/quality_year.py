"""An agency's first year with electronic ISO, as people go it in the browser: from a drawn procedure to the plan's T6.

Only what the pages show is used. Each stage takes the pictures that the guide has of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from browser.watching import Tab
from journey import PASSWORD

AGENCY, SHORT = "Sở Nội vụ", "SNV"
SERVICE, SERVICE_CODE, WORKFLOW = "Xác nhận thời gian tham gia thanh niên xung phong", "1.012999", "QT-SNV-01"
#: username → name, posts: the agency's people, who get their accounts at the beginning.
PEOPLE = {
    "snvthutruong": ("Lê Khánh Toàn", ("Người đứng đầu cơ quan",)),
    "snvthuky": ("Đinh Thị Hòa Bình", ("Thư ký ISO",)),
    "snvdanhgia": ("Bế Văn Lượng", ("Chuyên gia đánh giá nội bộ", "Công chức, viên chức xử lý hồ sơ")),
    "snvcongchuc": ("Nông Thị Thu Ngân", ("Công chức, viên chức xử lý hồ sơ",)),
    "snvmotcua": ("Kim Sơn Hải", ("Cán bộ một cửa", "Văn thư cơ quan")),
}
#: a line of the inbox on the home page; the newest stands first.
NOTICE = r"/hop-thu/[0-9a-f-]{36}/"
HEAD, SECRETARY, AUDITOR, OFFICER, COUNTER = PEOPLE


@dataclass
class QualityYear:
    """The script. person: gives an account's tab. move_to: sets the server's day. shoot: takes a picture for the guide.

    files: a folder with `don.pdf`, an application as citizens send it.
    """

    person: Callable[..., Tab]
    move_to: Callable[[date], None]
    shoot: Callable[[Tab, str], None]
    files: Path
    today: date
    places: dict[str, str] = field(default_factory=dict)
    began: date = date.min

    def walk(self) -> tuple[str, str]:
        """All of it; what the plan's T6 says before the year is confirmed and after."""
        self.began = self.today
        self.open_accounts()
        self.begin_system()
        self.draw_procedure()
        self.publish_service()
        self.control_document()
        self.receive_at_counter()
        self.submit_online()
        self.handle("at counter", winding=False)
        self.handle("online", winding=True)
        self.answer_survey()
        self.audit()
        self.mend()
        self.review()
        self.announce()
        before = self.target()
        self.confirm()
        return before, self.target()

    def go_on(self, days: int) -> None:
        """Let days pass; a day of rest is passed over too."""
        self.today += timedelta(days=days)
        while self.today.weekday() >= 5:
            self.today += timedelta(days=1)
        self.move_to(self.today)

    def day(self, days: int = 0) -> str:
        """A day from today as people type it."""
        return f"{self.today + timedelta(days=days):%d/%m/%Y}"

    def who(self, username: str) -> Tab:
        """The tab of one of the agency's people."""
        return self.person(username, password=PASSWORD)

    def act(self, username: str, place: str, title: str, values: Mapping[str, Any] | None = None) -> Tab:
        """Somebody goes to a place of the story, follows the button of an act and sends its form."""
        tab = self.who(username).open(self.places[place])
        tab.follow(title)
        tab.submit(title, values or {})
        return tab

    # The agency and its people

    def open_accounts(self) -> None:
        """The administrator opens accounts and gives posts; each sets a password by the link."""
        admin = self.person("quantri")
        for username, (name, posts) in PEOPLE.items():
            admin.open("/he-thong/tai-khoan/moi/")
            admin.submit("Mở tài khoản", {"full_name": name, "username": username})
            for post in posts:
                admin.submit(
                    "Ghi chức vụ",
                    {"post": post, "organisation": AGENCY, "valid_from": "01/01/2026", "decision": "15/QĐ-SNV"},
                )  # fmt: skip
            admin.submit("Đường dẫn đặt mật khẩu")
            guest = self.person("")
            guest.open(admin.value_of("#password-link"))
            guest.submit("Đổi mật khẩu", {"password1": PASSWORD, "password2": PASSWORD})
        admin.open("/mot-cua/ma-dinh-danh/")
        admin.submit(
            "Đặt mã",
            {"organisation__chu": AGENCY, "code": "H10.12", "valid_from": "01/01/2026", "basis": "20/QĐ-UBND"},
        )  # fmt: skip

    def begin_system(self) -> None:
        """The department enrols the agency; its secretary names people and begins from the template set."""
        specialist = self.person("chuyenvien").open("/iso/khoi-tao/")
        specialist.submit(
            "Ghi lại",
            {
                "organisation": AGENCY, "started_on": self.day(), "steering_decision": "16/QĐ-SNV",
                "scope": "Giải quyết thủ tục hành chính theo danh mục kèm bản công bố.",
            },
        )  # fmt: skip
        secretary = self.who(SECRETARY).open("/iso/")
        self.places["system"] = secretary.path
        self.shoot(secretary, "iso-bat-dau")
        for code, name in (("VP", "Văn phòng"), ("NV", "Phòng Nghiệp vụ")):
            secretary.open("/iso/can-bo/bo-phan/")
            secretary.submit("Ghi lại", {"code": code, "name": name})
        for username, (name, _posts) in PEOPLE.items():
            secretary.open("/iso/can-bo/vi-tri/")
            secretary.submit(
                "Ghi lại",
                {
                    "unit": "Phòng Nghiệp vụ" if username in {OFFICER, COUNTER} else "Văn phòng", "person": name,
                    "position": "Giám đốc" if username == HEAD else "Chuyên viên", "since": self.day(),
                },
            )  # fmt: skip
        self.shoot(secretary, "iso-can-bo")
        secretary.open("/iso/so/certificate/moi/")
        secretary.submit(
            "Ghi lại",
            {
                "person": PEOPLE[AUDITOR][0], "kind": "internal_auditor", "number": "07/CC", "issued_on": "01/06/2026",
                "issuer": "Trung tâm đào tạo (minh họa)", "valid_until": "01/06/2030",
            },
        )  # fmt: skip
        secretary.open("/iso/bo-mau/")
        secretary.submit("Soạn từ bộ mẫu", {"kind": "provincial"})
        self.shoot(secretary, "iso-bo-mau")

    # The procedure

    def draw_procedure(self) -> None:
        """The secretary draws the procedure with the mouse, sets a norm in the step table, and sends it to the head."""
        secretary = self.who(SECRETARY).open("/quy-trinh/")
        secretary.follow("Lập quy trình")
        secretary.submit("Lập bản nháp", {"code": WORKFLOW, "title": f"Giải quyết: {SERVICE}", "kind": "tthc"})
        version = self.places["version"] = secretary.path.removesuffix("bang/")
        secretary.follow("Vẽ")
        draw(secretary)
        self.shoot(secretary, "quy-trinh-ve")
        save_drawing(secretary)
        secretary.open(f"{version}bang/")
        norms = secretary.page.locator("form.k-step-table [name=norm]")
        norms.nth(2).fill("12")
        self.shoot(secretary, "quy-trinh-bang")
        secretary.submit("Lưu bảng")
        secretary.follow("Bìa")
        secretary.submit(
            "Ghi lại",
            {
                "purpose": "Thống nhất cách tiếp nhận, thẩm định và ký xác nhận.", "limit_amount": "5",
                "limit_unit": "WD", "records_kept": "Hồ sơ và bản xác nhận, 10 năm",
            },
        )  # fmt: skip
        secretary.submit("Trình phê duyệt")
        head = self.who(HEAD).open("/")
        head.follow_to(version)
        self.shoot(head, "quy-trinh-phe-duyet")
        head.submit("Phê duyệt", {"decision_number": "21/QĐ-SNV"})
        head.submit("Cho có hiệu lực", {"effective_from": self.day()})
        assert "12 giờ làm việc" in head.text()

    def publish_service(self) -> None:
        """The head publishes the service that runs on the procedure; citizens find it."""
        head = self.who(HEAD).open("/mot-cua/thu-tuc/")
        head.follow("Công bố thủ tục")
        head.submit(
            "Công bố",
            {
                "code": SERVICE_CODE, "title": SERVICE, "field": "Người có công", "deciding": AGENCY,
                "workflow": WORKFLOW, "valid_from": self.day(), "limit_amount": "5", "fee_vnd": "30000",
                "result_title": "Giấy xác nhận", "online_level": "full", "publication_decision": "25/QĐ-UBND",
                "components": "Đơn đề nghị xác nhận\nGiấy tờ chứng minh (không bắt buộc)",
            },
        )  # fmt: skip
        self.places["service"] = head.path
        self.shoot(head, "mot-cua-thu-tuc")

    def control_document(self) -> None:
        """The procedure becomes a controlled document; the head approves it and everybody reads it."""
        secretary = self.who(SECRETARY).open("/iso/tai-lieu/")
        secretary.follow("Soạn tài liệu")
        secretary.submit(
            "Ghi lại",
            {
                "code": WORKFLOW, "title": SERVICE, "type": "procedure", "unit": "Phòng Nghiệp vụ",
                "clauses": "8.1, 8.5", "procedure_code": WORKFLOW,
            },
        )  # fmt: skip
        self.shoot(secretary, "iso-soan-tai-lieu")
        secretary.submit("Ghi lại", {"needs_reading": True})
        self.places["document"] = secretary.path
        self.act(SECRETARY, "document", "Gửi xem xét")
        self.act(HEAD, "document", "Phê duyệt", {"effective_from": self.day()})
        self.act(SECRETARY, "document", "Cho hiệu lực")
        for username in PEOPLE:
            reader = self.who(username).open("/")
            reader.follow_to(r"/iso/ban/[0-9a-f-]{36}/doc/")
            if username == OFFICER:
                self.shoot(reader, "iso-doc-tai-lieu")
            reader.submit("Tôi đã đọc và hiểu tài liệu này")

    # Two dossiers

    def receive_at_counter(self) -> None:
        """Somebody hands in papers; the clerk enters them, and the dossier has its code and its appointment at once."""
        clerk = self.who(COUNTER).open("/")
        clerk.follow("Tiếp nhận hồ sơ tại quầy")
        clerk.follow(SERVICE)
        self.shoot(clerk, "mot-cua-tiep-nhan")
        clerk.submit(
            "Ghi và tiếp nhận",
            {"name": "Điểu Thị Bé", "phone": "0901234567", "identity": "070180001234", "p_*": True},
        )  # fmt: skip
        self.places["at counter"] = clerk.path
        assert f"H10.12-{self.today:%y%m%d}-0001" in clerk.text()
        self.shoot(clerk, "mot-cua-ho-so")

    def submit_online(self) -> None:
        """A citizen finds the service, sends an application and keeps the code; the clerk takes it in."""
        citizen = self.person("").open("/dich-vu-cong/")
        self.shoot(citizen, "cong-dan-thu-tuc")
        citizen.submit("Tìm thủ tục", {"q": "thanh nien xung phong"})
        citizen.follow_to(r"/dich-vu-cong/[0-9a-f-]{36}/")
        citizen.follow("Nộp hồ sơ trực tuyến")
        self.shoot(citizen, "cong-dan-nop")
        citizen.submit("Nộp hồ sơ", {"name": "Lâm Sơn Nam", "phone": "0907654321", "c_*": str(self.files / "don.pdf")})
        self.places["track"] = citizen.path
        self.shoot(citizen, "cong-dan-ma-tra-cuu")
        clerk = self.who(COUNTER).open("/mot-cua/")
        self.shoot(clerk, "mot-cua-viec")
        clerk.follow(citizen.page.locator(".o-code").inner_text())
        self.places["online"] = clerk.path
        clerk.follow("Tiếp nhận")
        clerk.submit("Tiếp nhận")
        assert f"H10.12-{self.today:%y%m%d}-0002" in clerk.text()

    def handle(self, place: str, *, winding: bool) -> None:
        """A dossier goes its way to the result; a winding one by a supplement, a fee and an extension."""
        clerk = self.who(COUNTER).open(self.places[place])
        clerk.submit("Chuyển xử lý")
        self.do_step(HEAD, place, "Phân công xử lý")
        if winding:
            self.supplement_and_extend(place)
        self.do_step(OFFICER, place, "Thẩm định hồ sơ")
        self.do_step(HEAD, place, "Ký duyệt kết quả")
        self.write_result(place)
        self.act(COUNTER, place, "Trả kết quả", {"identity_or_proof": "CCCD của người nộp"})

    def do_step(self, username: str, place: str, step: str) -> None:
        """Somebody finds the step in the worklist and completes it."""
        tab = self.who(username).open("/mot-cua/")
        assert step in tab.text()
        tab.open(self.places[place])
        tab.submit("Hoàn thành bước", {"note": "Hồ sơ đủ điều kiện."}, holding=step)

    def supplement_and_extend(self, place: str) -> None:
        """The citizen sends what the officer asks for; a fee is paid; the head promises a later day."""
        officer = self.act(
            OFFICER, place, "Yêu cầu bổ sung", {"reason": "Bản sao quyết định khen thưởng, nếu có."}
        )  # fmt: skip
        assert "Đang tạm dừng" in officer.text()
        citizen = self.person("").open(self.places["track"])
        self.shoot(citizen, "cong-dan-bo-sung")
        citizen.submit("Gửi bổ sung", {"file": str(self.files / "don.pdf")})
        self.act(OFFICER, place, "Yêu cầu nộp phí", {"reason": "Phí xác nhận"})
        self.act(COUNTER, place, "Đã nộp phí", {"method": "cash", "receipt_number": "BL-0007"})
        self.act(
            HEAD, place, "Xin lỗi và hẹn lại ngày trả", {"until": self.day(21), "reason": "Chờ đơn vị cũ xác minh."},
        )  # fmt: skip

    def write_result(self, place: str) -> None:
        """An official paper is drafted, checked, initialled, signed, numbered and sealed; it decides the dossier."""
        officer = self.who(OFFICER).open(self.places[place])
        officer.follow("Soạn văn bản kết quả")
        officer.submit(
            "Ghi dự thảo",
            {
                "notation": "TB-SNV", "place": "Đồng Xoài", "signer": PEOPLE[HEAD][0],
                "body": "Xác nhận người nộp có 24 tháng tham gia thanh niên xung phong.",
            },
        )  # fmt: skip
        paper = officer.path
        officer.submit("Kiểm tra thể thức")
        self.who(AUDITOR).open(paper).submit("Ký nháy")
        self.who(HEAD).open(paper).submit("Ký số cá nhân")
        clerk = self.who(COUNTER).open(paper)
        clerk.follow("Lấy số")
        clerk.submit("Lấy số", {"on": self.day()})
        clerk.submit("Ký số cơ quan")
        if place == "online":
            self.shoot(clerk, "van-ban-ket-qua")
        self.act(OFFICER, place, "Có kết quả", {"paper": "TB-SNV"})

    def answer_survey(self) -> None:
        """The citizen reads the result and says how it was."""
        citizen = self.person("").open(self.places["track"])
        assert "Đã trả kết quả" in citizen.text()
        self.shoot(citizen, "cong-dan-danh-gia")
        citizen.submit("Gửi đánh giá", {"overall": "5", "attitude": "5", "time": "4", "comment": "Rõ ràng, đúng hẹn"})

    # The audit and what it found

    def audit(self) -> None:
        """The programme is drawn up, an audit notified; on its day dossiers are sampled and findings made."""
        secretary = self.who(SECRETARY).open("/iso/danh-gia/")
        secretary.follow(f"Lập chương trình năm {self.today.year}")
        secretary.submit("Lập dự thảo")
        self.places["programme"] = secretary.path
        self.act(SECRETARY, "programme", "Trình duyệt")
        self.act(HEAD, "programme", "Phê duyệt")
        secretary.open(self.places["programme"])
        self.shoot(secretary, "iso-chuong-trinh")
        secretary.follow("Lập kế hoạch một đợt")
        day = self.day(14)
        secretary.submit(
            "Ghi lại",
            {
                "auditee": "Phòng Nghiệp vụ", "lines": True, "starts_on": day, "ends_on": day, "team": True,
                "lead": PEOPLE[AUDITOR][0], "scope": "Toàn bộ quy trình đang áp dụng", "sample_size": "2",
            },
        )  # fmt: skip
        self.places["audit"] = secretary.path
        self.act(SECRETARY, "audit", "Gửi thông báo")
        self.go_on(14)
        auditor = self.who(AUDITOR).open("/")
        auditor.follow_to(NOTICE)
        assert auditor.path == self.places["audit"]
        auditor.submit("Lấy mẫu hồ sơ, lập bảng câu hỏi")
        assert f"H10.12-{self.began:%y%m%d}-0001" in auditor.text()
        self.act(AUDITOR, "audit", "Bắt đầu đánh giá")
        self.shoot(auditor, "iso-danh-gia")
        auditor.follow_to(r"/iso/danh-gia/diem/[0-9a-f-]{36}/")
        fault: dict[str, Any] = {
            "finding": "minor", "statement": "Ý kiến thẩm định chưa ghi vào hồ sơ trong ngày.",
        }  # fmt: skip
        while "/diem/" in auditor.path:
            auditor.submit(
                "Ghi và sang điểm tiếp",
                {"finding": "conform"} | fault | {"evidence": "Xem hồ sơ, hỏi người làm."},
            )  # fmt: skip
            fault = {}
        self.act(AUDITOR, "audit", "Lập báo cáo", {"conclusion": "Hệ thống được duy trì; khắc phục một điểm."})
        self.act(SECRETARY, "audit", "Kết thúc đợt đánh giá")

    def mend(self) -> None:
        """The fault gets an owner, a cause and an action; a month later somebody else finds it gone and closes it."""
        secretary = self.who(SECRETARY).open(self.places["audit"])
        secretary.follow_to(r"/iso/khong-phu-hop/[0-9a-f-]{36}/")
        self.places["fault"] = secretary.path
        owner = PEOPLE[OFFICER][0]
        self.act(SECRETARY, "fault", "Giao tìm nguyên nhân", {"owner": owner, "due_on": self.day(20)})
        officer = self.who(OFFICER).open("/")
        officer.follow_to(NOTICE)
        assert officer.path == self.places["fault"]
        officer.follow("Trình nguyên nhân và kế hoạch")
        self.shoot(officer, "iso-nguyen-nhan")
        officer.submit(
            "Trình nguyên nhân và kế hoạch",
            {
                "correction": "Ghi bổ sung ý kiến.", "why_1": "Làm xong mới ghi", "why_2": "Chưa có nhắc việc",
                "root_cause": "Quy trình chưa quy định ghi trong ngày", "what_1": "Bổ sung quy định, nhắc việc",
                "owner_1": owner, "due_1": self.day(10),
            },
        )  # fmt: skip
        self.act(HEAD, "fault", "Duyệt kế hoạch khắc phục")
        officer.open(self.places["fault"])
        officer.follow_to(r"/iso/khong-phu-hop/hanh-dong/[0-9a-f-]{36}/")
        officer.submit("Ghi lại", {"evidence": "Đã sửa quy định, gửi các phòng."})
        self.act(OFFICER, "fault", "Báo đã khắc phục xong")
        self.go_on(32)
        checked = self.act(AUDITOR, "fault", "Kiểm tra có hiệu lực, đóng", {"evidence": "Lấy mẫu lại, không còn lỗi."})
        assert "Đã đóng" in checked.text()
        self.shoot(checked, "iso-phieu-dong")

    def review(self) -> None:
        """The leaders look at inputs that fill themselves, decide, and sign the minutes."""
        secretary = self.who(SECRETARY).open("/iso/xem-xet/")
        secretary.follow("Lên lịch xem xét")
        secretary.submit("Ghi lại", {"planned_on": self.day()})
        self.places["review"] = secretary.path
        self.act(SECRETARY, "review", "Chốt đầu vào")
        self.shoot(secretary, "iso-xem-xet")
        self.act(
            SECRETARY, "review", "Ghi biên bản họp",
            {
                "held_on": self.day(), "attendees": "Ban chỉ đạo ISO", "minutes": "Thống nhất duy trì hệ thống.",
                "what_1": "Phân công người thay khi nghỉ phép", "owner_1": PEOPLE[OFFICER][0], "due_1": self.day(30),
            },
        )  # fmt: skip
        self.act(HEAD, "review", "Ký biên bản")

    def announce(self) -> None:
        """The head confirms that the system works, the secretary announces."""
        secretary = self.who(SECRETARY).open("/iso/cong-bo/")
        secretary.follow("Soạn bản công bố")
        secretary.submit("Soạn bản công bố")
        self.places["announcement"] = secretary.path
        self.act(HEAD, "announcement", "Xác nhận hiệu lực của hệ thống")
        self.act(
            SECRETARY, "announcement", "Công bố", {"number": "01/CB-SNV", "effective_from": self.day()}
        )  # fmt: skip
        self.shoot(secretary, "iso-cong-bo")

    # The verdict

    def confirm(self) -> Tab:
        """The secretary computes the year; the department looks at it and confirms."""
        secretary = self.who(SECRETARY).open(self.places["system"])
        assert "Chưa áp dụng hiệu quả" not in secretary.text()
        self.shoot(secretary, "iso-hieu-qua")
        secretary.submit("Tính và lưu kết quả năm")
        self.places["year"] = secretary.path
        specialist = self.person("chuyenvien").open(self.places["year"])
        specialist.follow("Xác nhận kết quả")
        specialist.submit("Xác nhận kết quả", {"decision_number": "05/QĐ-SKHCN"})
        self.shoot(specialist, "iso-ket-qua-nam")
        return specialist

    def target(self) -> str:
        """What the plan's dashboard says of T6 today, after it was measured anew."""
        specialist = self.person("chuyenvien").go(r"/ke-hoach/ > /ke-hoach/[0-9a-f-]{36}/ > .*/tong-quan/")
        dashboard = specialist.path
        specialist.submit("Đo lại", {"as_of": self.day()})
        specialist.open(dashboard)
        rows = specialist.table("Chỉ tiêu của kế hoạch")
        return next(row[3] for row in rows if row[0].startswith("T6 "))


def draw(tab: Tab) -> None:
    """Three steps after the start that an empty draft has, and the end, with the mouse and the panel beside."""
    page = tab.page
    page.wait_for_selector("[data-drawing][data-shown=yes]")
    page.locator(".djs-shape").first.click()
    for name, role, norm in (
        ("Phân công xử lý", "agency_head", "4"), ("Thẩm định hồ sơ", "officer", "16"),
        ("Ký duyệt kết quả", "agency_head", "8"),
    ):  # fmt: skip
        page.click(".djs-context-pad [data-action='append.append-task']")
        page.wait_for_selector(".djs-direct-editing-content")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        panel = page.locator("[data-panel-step]")
        panel.locator("[name=role]").select_option(role)
        panel.locator("[name=norm]").fill(norm)
        panel.locator("[name=norm]").press("Tab")
    page.click(".djs-context-pad [data-action='append.end-event']")
    page.keyboard.press("Escape")
    page.locator(".djs-shape", has_text="Ký duyệt").first.click()


def save_drawing(tab: Tab) -> None:
    """Save, and read that it can run."""
    tab.page.click("[data-drawing-save]")
    tab.page.wait_for_selector("[data-drawing-status]:has-text('Bản vẽ chạy được')")
    tab.check()
