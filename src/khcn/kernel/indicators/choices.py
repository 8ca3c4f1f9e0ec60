"""Words for targets."""

from khcn.lib.labelled import Labelled, gettext_noop


class Operator(Labelled):
    """How a measured value must stand to the target's value."""

    AT_LEAST = ">=", gettext_noop("ít nhất")
    EQUAL = "=", gettext_noop("bằng")
    AT_MOST = "<=", gettext_noop("không quá")
    MORE = ">", gettext_noop("trên")
    LESS = "<", gettext_noop("dưới")


class DenominatorPolicy(Labelled):
    """Which units a share is taken over when the territory or the organisations change."""

    NONE = "none", gettext_noop("không có mẫu số")
    FROZEN = "frozen", gettext_noop("cố định tại mốc")
    AS_OF = "as_of", gettext_noop("tại ngày báo cáo")
    SUCCESSOR_MAPPED = "successor_mapped", gettext_noop("quy về cơ quan kế thừa")
