"""Kinds, states and levels of the layers room; values are stored and appear in addresses and interfaces."""

from khcn.lib.labelled import Labelled, gettext_noop


class LayerKind(Labelled):
    """What a layer is for: a register is changed by proposals only."""

    REGISTER = "register", gettext_noop("Sổ quản lý")
    REFERENCE = "reference", gettext_noop("Lớp nền tham chiếu")
    DERIVED = "derived", gettext_noop("Lớp tổng hợp")


class GeometryType(Labelled):
    """Which shapes the objects of a layer have."""

    POINT = "point", gettext_noop("Điểm")
    LINE = "line", gettext_noop("Đường")
    POLYGON = "polygon", gettext_noop("Vùng")


class Access(Labelled):
    """Who may read a layer, an object or a field; each level holds those before it."""

    OPEN = "open", gettext_noop("Công khai")
    INTERNAL = "internal", gettext_noop("Nội bộ cơ quan nhà nước")
    RESTRICTED = "restricted", gettext_noop("Chỉ cơ quan quản lý và nơi được chia sẻ")


class FieldType(Labelled):
    """What a field of an object holds."""

    TEXT = "text", gettext_noop("Chữ")
    INTEGER = "integer", gettext_noop("Số nguyên")
    NUMBER = "number", gettext_noop("Số")
    DATE = "date", gettext_noop("Ngày")
    BOOLEAN = "boolean", gettext_noop("Có hoặc không")
    CHOICE = "choice", gettext_noop("Một trong danh sách")


class UpdateCycle(Labelled):
    """How often a layer should be renewed."""

    AS_NEEDED = "as_needed", gettext_noop("Khi có biến động")
    MONTHLY = "monthly", gettext_noop("Hằng tháng")
    QUARTERLY = "quarterly", gettext_noop("Hằng quý")
    YEARLY = "yearly", gettext_noop("Hằng năm")
    FIVE_YEARLY = "five_yearly", gettext_noop("Năm năm một lần")


class LayerChangeKind(Labelled):
    """What a proposal does to objects."""

    ADD = "add", gettext_noop("Thêm đối tượng")
    MODIFY = "modify", gettext_noop("Sửa đối tượng")
    SPLIT = "split", gettext_noop("Tách đối tượng")
    MERGE = "merge", gettext_noop("Gộp đối tượng")
    RETIRE = "retire", gettext_noop("Chấm dứt đối tượng")


class LayerChangeState(Labelled):
    """Where a proposal stands."""

    PROPOSED = "proposed", gettext_noop("Đã đề nghị")
    CHECKED = "checked", gettext_noop("Đã kiểm tra")
    APPROVED = "approved", gettext_noop("Đã duyệt")
    APPLIED = "applied", gettext_noop("Đã cập nhật")
    RETURNED = "returned", gettext_noop("Trả lại")
    REJECTED = "rejected", gettext_noop("Không chấp nhận")


class LayerImportState(Labelled):
    """Where a file on its way into a layer stands."""

    PREPARED = "prepared", gettext_noop("Chờ nhập")
    APPLIED = "applied", gettext_noop("Đã nhập")
    DROPPED = "dropped", gettext_noop("Đã bỏ")


class TopologyKind(Labelled):
    """A rule that the shapes of a layer keep."""

    NO_OVERLAP = "no_overlap", gettext_noop("Các vùng không chồng nhau")
    INSIDE = "inside", gettext_noop("Nằm trong lớp khác")
    COVERS = "covers", gettext_noop("Phủ kín lớp khác")
    MIN_AREA = "min_area", gettext_noop("Diện tích tối thiểu")
    NO_SLIVER = "no_sliver", gettext_noop("Không có vùng quá mảnh")
