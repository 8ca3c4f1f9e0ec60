"""Kinds, states and channels of the warnings room; values are stored and appear in addresses and messages."""

from khcn.lib.labelled import Labelled, gettext_noop

TOPIC_ROOT = "canh-bao"
"""Topics of the MQTT broker on which warnings go out begin with it."""


class WarningKind(Labelled):
    """What a warning is, so that nobody takes a measurement for an official forecast."""

    RELAY = "relay", gettext_noop("Chuyển phát bản tin chính thức")
    MEASUREMENT = "measurement", gettext_noop("Thông tin quan trắc")
    ORDER = "order", gettext_noop("Lệnh, công điện")


class WarningState(Labelled):
    """Where a case of warning stands."""

    PROPOSED = "proposed", gettext_noop("Đề xuất của hệ thống")
    PREPARING = "preparing", gettext_noop("Đang soạn")
    IN_FORCE = "in_force", gettext_noop("Đang hiệu lực")
    CANCELLED = "cancelled", gettext_noop("Đã hủy")
    EXPIRED = "expired", gettext_noop("Đã hết hiệu lực")
    DROPPED = "dropped", gettext_noop("Không phát")


class MessageKind(Labelled):
    """What a message does to its case; stored as CAP writes it."""

    ALERT = "Alert", gettext_noop("Phát mới")
    UPDATE = "Update", gettext_noop("Cập nhật")
    CANCEL = "Cancel", gettext_noop("Hủy")


class MessageDraftState(Labelled):
    """Where a message stands on its way out."""

    DRAFT = "draft", gettext_noop("Nháp")
    SUBMITTED = "submitted", gettext_noop("Chờ duyệt")
    RETURNED = "returned", gettext_noop("Trả lại")
    APPROVED = "approved", gettext_noop("Đã duyệt, chờ phát")
    ISSUED = "issued", gettext_noop("Đã phát")
    DROPPED = "dropped", gettext_noop("Đã bỏ")


class LevelOrigin(Labelled):
    """Where a level comes from; only a bulletin makes it official."""

    BULLETIN = "bulletin", gettext_noop("Bản tin chính thức")
    PROPOSAL = "proposal", gettext_noop("Số liệu trạm, chưa phải cấp chính thức")
    OFFICER = "officer", gettext_noop("Người ra lệnh quyết định")


class WarningChannel(Labelled):
    """How a message reaches a recipient."""

    EMAIL = "email", gettext_noop("Thư điện tử")
    WEBHOOK = "webhook", gettext_noop("Địa chỉ máy nhận")
    SMS = "sms", gettext_noop("Tin nhắn SMS")
    ZALO = "zalo", gettext_noop("Zalo")
    MQTT = "mqtt", gettext_noop("Chủ đề MQTT")


class WarningDeliveryState(Labelled):
    """Where one delivery stands."""

    QUEUED = "queued", gettext_noop("Chờ gửi")
    SENT = "sent", gettext_noop("Đã gửi")
    CONFIRMED = "confirmed", gettext_noop("Đã nhận")
    READ = "read", gettext_noop("Đã đọc")
    FAILED = "failed", gettext_noop("Không gửi được")


class DamageState(Labelled):
    """Where a report of damage stands."""

    RECEIVED = "received", gettext_noop("Mới nhận")
    ACCEPTED = "accepted", gettext_noop("Đã xác nhận")
    REJECTED = "rejected", gettext_noop("Không đúng")
