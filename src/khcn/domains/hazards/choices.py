"""Kinds, states and marks of the hazards room; values are stored and appear in addresses and interfaces."""

from enum import IntEnum

from khcn.lib.labelled import Labelled, gettext_noop


class StationNetwork(Labelled):
    """Whose network a station belongs to; the duties of supplying data differ."""

    NATIONAL = "national", gettext_noop("Mạng lưới quốc gia")
    DEDICATED = "dedicated", gettext_noop("Trạm chuyên dùng")
    PRIVATE = "private", gettext_noop("Trạm của tổ chức, cá nhân")


class StationAccess(Labelled):
    """Who reads what a station measures."""

    OPEN = "open", gettext_noop("Công khai")
    INTERNAL = "internal", gettext_noop("Nội bộ cơ quan nhà nước")


class Aggregation(Labelled):
    """What one value of a series says of its interval, which ends at its time."""

    SUM = "sum", gettext_noop("Tổng trong khoảng")
    MEAN = "mean", gettext_noop("Trung bình trong khoảng")
    INSTANT = "instant", gettext_noop("Tức thời")
    MAX = "max", gettext_noop("Lớn nhất trong khoảng")
    MIN = "min", gettext_noop("Nhỏ nhất trong khoảng")


class ObservationDoor(Labelled):
    """By which door a value came."""

    MANUAL = "manual", gettext_noop("Nhập tay")
    FILE = "file", gettext_noop("Nhập tệp")
    HTTP = "http", gettext_noop("Máy gửi qua HTTP")
    MQTT = "mqtt", gettext_noop("Máy gửi qua MQTT")
    DRIVER = "driver", gettext_noop("Lấy từ nguồn khác")
    STORY = "story", gettext_noop("Dữ liệu minh họa")


class Quality(IntEnum):
    """What is known of a value's worth; stored as this number."""

    RAW = 0
    PASSED = 1
    SUSPECT = 2
    BAD = 3
    CORRECTED = 4
    MISSING = 9


QUALITY_LABELS: dict[int, str] = {
    Quality.RAW: gettext_noop("Chưa kiểm tra"),
    Quality.PASSED: gettext_noop("Đạt kiểm tra"),
    Quality.SUSPECT: gettext_noop("Nghi ngờ"),
    Quality.BAD: gettext_noop("Sai, không dùng"),
    Quality.CORRECTED: gettext_noop("Đã đính chính"),
    Quality.MISSING: gettext_noop("Không đo được"),
}
UNUSABLE = (Quality.BAD, Quality.MISSING)
"""Qualities whose value counts as not known."""

CHECK_LABELS: dict[int, str] = {
    1: gettext_noop("ngoài khoảng hợp lý"),
    2: gettext_noop("thay đổi quá nhanh"),
    4: gettext_noop("đứng yên quá lâu"),
    8: gettext_noop("khác hẳn các trạm lân cận"),
}
"""What each bit of an observation's `checks` says that it failed."""


class StationFileState(Labelled):
    """Where a file of observations stands."""

    PREPARED = "prepared", gettext_noop("Chờ nhập")
    APPLIED = "applied", gettext_noop("Đã nhập")
    DROPPED = "dropped", gettext_noop("Đã bỏ")


class TableScope(Labelled):
    """Whose table of levels it is; the province's own goes before the law's where a law lets it."""

    LAW = "law", gettext_noop("Văn bản của trung ương")
    PROVINCE = "province", gettext_noop("Quyết định của tỉnh")


class LevelTableState(Labelled):
    """Where a table of levels stands."""

    DRAFT = "draft", gettext_noop("Đang soạn")
    SUBMITTED = "submitted", gettext_noop("Chờ phê duyệt")
    APPROVED = "approved", gettext_noop("Đang áp dụng")
    REJECTED = "rejected", gettext_noop("Không phê duyệt")
    ENDED = "ended", gettext_noop("Thôi áp dụng")


class VerdictKind(Labelled):
    """What the engine says of a place: a level, nothing to say, a hole in the law, or too little known."""

    LEVEL = "level", gettext_noop("Có cấp độ")
    QUIET = "quiet", gettext_noop("Dưới mọi ngưỡng")
    OUTSIDE = "outside_table", gettext_noop("Ngoài bảng")
    UNKNOWN = "unknown", gettext_noop("Chưa đủ số liệu")


class ExceedanceState(Labelled):
    """Whether a level is still exceeded."""

    OPEN = "open", gettext_noop("Đang vượt ngưỡng")
    CLOSED = "closed", gettext_noop("Đã xuống dưới ngưỡng")
