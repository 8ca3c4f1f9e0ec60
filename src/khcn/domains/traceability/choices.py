"""Closed sets: roles of names in events, kinds of events as stored, and what people choose in the screens."""

from enum import IntEnum

from khcn.lib.labelled import Labelled, gettext_noop

EVENT_TYPES = ("ObjectEvent", "AggregationEvent", "TransactionEvent", "TransformationEvent", "AssociationEvent")


class Role(IntEnum):
    """What an identifier is in an event; classes carry quantities, the others are things of their own."""

    EPC = 1
    PARENT = 2
    CHILD = 3
    INPUT = 4
    OUTPUT = 5
    EPC_CLASS = 6
    CHILD_CLASS = 7
    INPUT_CLASS = 8
    OUTPUT_CLASS = 9


CLASS_ROLES = frozenset({Role.EPC_CLASS, Role.CHILD_CLASS, Role.INPUT_CLASS, Role.OUTPUT_CLASS})


class Sector(Labelled):
    """The trades of the province for which there are templates."""

    CASHEW = "cashew", gettext_noop("Điều")
    PEPPER = "pepper", gettext_noop("Hồ tiêu")
    RUBBER = "rubber", gettext_noop("Mủ cao su")
    COFFEE = "coffee", gettext_noop("Cà phê")
    DURIAN = "durian", gettext_noop("Sầu riêng")
    PORK = "pork", gettext_noop("Thịt heo")


class PartyKind(Labelled):
    """What a party does in the chain."""

    GROWER = "grower", gettext_noop("Hộ sản xuất")
    COOPERATIVE = "cooperative", gettext_noop("Hợp tác xã, tổ hợp tác")
    COLLECTOR = "collector", gettext_noop("Cơ sở thu mua")
    PLANT = "plant", gettext_noop("Cơ sở chế biến, giết mổ")
    TRADER = "trader", gettext_noop("Doanh nghiệp thương mại")
    SHOP = "shop", gettext_noop("Nơi bán lẻ")


class SiteKind(Labelled):
    """What a place of a party is."""

    PLOT = "plot", gettext_noop("Lô đất trồng")
    BARN = "barn", gettext_noop("Chuồng trại")
    COLLECTING = "collecting", gettext_noop("Điểm thu mua")
    PLANT = "plant", gettext_noop("Xưởng, lò")
    STORE = "store", gettext_noop("Kho")
    SHOP = "shop", gettext_noop("Điểm bán")


GROWING = frozenset({SiteKind.PLOT, SiteKind.BARN})


class FieldAct(Labelled):
    """What a template turns a form into."""

    CARE = "care", gettext_noop("Chăm sóc")
    HARVEST = "harvest", gettext_noop("Thu hoạch, tạo lô")
    MAKE = "make", gettext_noop("Gộp, sơ chế, chế biến")
    SHIP = "ship", gettext_noop("Bán, giao hàng")
    RECEIVE = "receive", gettext_noop("Nhận hàng")


class FieldSource(Labelled):
    """By which door a record came."""

    PHONE = "phone", gettext_noop("Điện thoại")
    WEB = "web", gettext_noop("Trang web")
    SHEET = "sheet", gettext_noop("Bảng Excel")


class EvidenceKind(Labelled):
    """What a paper about a lot or product proves."""

    TEST = "test", gettext_noop("Phiếu kiểm nghiệm")
    CERTIFICATE = "certificate", gettext_noop("Giấy chứng nhận")


class FakeReportState(Labelled):
    """How far a report of a fake has come."""

    NEW = "new", gettext_noop("Chờ xem xét")
    CONFIRMED = "confirmed", gettext_noop("Có dấu hiệu hàng giả")
    DISMISSED = "dismissed", gettext_noop("Không có căn cứ")


class NotificationState(Labelled):
    """How far a report to a subscriber has come."""

    WAITING = "waiting", gettext_noop("Chờ gửi")
    DONE = "done", gettext_noop("Đã gửi")
    DEAD = "dead", gettext_noop("Không gửi được")


class ShapeSource(Labelled):
    """How the border of a plot came here."""

    DRAWN = "drawn", gettext_noop("Vẽ trên bản đồ")
    WALKED = "walked", gettext_noop("Đi quanh lô đất")
    FILE = "file", gettext_noop("Tệp bản đồ")


class PlotPaperKind(Labelled):
    """What a paper about a plot proves."""

    LAND = "land", gettext_noop("Giấy tờ đất")
    DEFORESTATION = "deforestation", gettext_noop("Bằng chứng không phá rừng")
    OTHER = "other", gettext_noop("Giấy khác")


class StatementState(Labelled):
    """How far a due diligence statement has come; after sending, as the information system says."""

    DRAFT = "draft", gettext_noop("Bản nháp")
    SUBMITTED = "submitted", gettext_noop("Đã gửi, chờ hệ thống EU")
    AVAILABLE = "available", gettext_noop("Hệ thống EU đã nhận")
    REJECTED = "rejected", gettext_noop("Hệ thống EU từ chối")
    WITHDRAWN = "withdrawn", gettext_noop("Đã rút")
    ARCHIVED = "archived", gettext_noop("Hệ thống EU đã lưu trữ")
    GROUPED = "grouped", gettext_noop("Đã gộp vào tờ khai khác")
    OBSOLETE = "obsolete", gettext_noop("Không còn dùng")


class Activity(Labelled):
    """What an operator does with the goods, as the regulation names it."""

    IMPORT = "IMPORT", gettext_noop("Nhập khẩu vào EU")
    EXPORT = "EXPORT", gettext_noop("Xuất khẩu khỏi EU")
    DOMESTIC = "DOMESTIC", gettext_noop("Đưa ra thị trường EU")
