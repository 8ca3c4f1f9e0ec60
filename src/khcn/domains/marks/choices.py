"""Kinds and states of the room of marks; values are stored and appear in addresses."""

from khcn.lib.labelled import Labelled, gettext_noop


class RightKind(Labelled):
    """What is protected."""

    GEOGRAPHICAL_INDICATION = "gi", gettext_noop("Chỉ dẫn địa lý")
    CERTIFICATION = "certification", gettext_noop("Nhãn hiệu chứng nhận")
    COLLECTIVE = "collective", gettext_noop("Nhãn hiệu tập thể")


class RightState(Labelled):
    """Where a right stands at the national office."""

    PREPARING = "preparing", gettext_noop("Đang lập hồ sơ")
    FILED = "filed", gettext_noop("Đã nộp đơn")
    REGISTERED = "registered", gettext_noop("Đang được bảo hộ")
    ENDED = "ended", gettext_noop("Chấm dứt, hủy bỏ")


class RightRole(Labelled):
    """What a body is to a right."""

    OWNER = "owner", gettext_noop("Chủ sở hữu")
    MANAGER = "manager", gettext_noop("Cơ quan, tổ chức quản lý")


class AreaKind(Labelled):
    """How an area is described."""

    SHAPE = "shape", gettext_noop("Theo ranh giới vẽ")
    UNITS = "units", gettext_noop("Theo danh sách xã, phường")
