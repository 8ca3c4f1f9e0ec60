"""Words for kinds of organisations and for how one follows another."""

from khcn.lib.labelled import Labelled, gettext_noop


class OrganisationKind(Labelled):
    """What an organisation is."""

    STATE = "state", gettext_noop("Cơ quan nhà nước")
    PUBLIC_SERVICE = "public_service", gettext_noop("Đơn vị sự nghiệp")
    RESEARCH = "research", gettext_noop("Viện, trường")
    ENTERPRISE = "enterprise", gettext_noop("Doanh nghiệp")
    COOPERATIVE = "cooperative", gettext_noop("Hợp tác xã")
    ASSOCIATION = "association", gettext_noop("Hội, đoàn thể")
    OTHER = "other", gettext_noop("Khác")


class OrganisationLevel(Labelled):
    """The level of government that an organisation belongs to."""

    CENTRAL = "central", gettext_noop("Trung ương")
    PROVINCE = "province", gettext_noop("Cấp tỉnh")
    DISTRICT = "district", gettext_noop("Cấp huyện")
    COMMUNE = "commune", gettext_noop("Cấp xã")
    NONE = "none", gettext_noop("Ngoài nhà nước")


class SuccessionKind(Labelled):
    """How duties pass on."""

    MERGE = "merge", gettext_noop("Hợp nhất, sáp nhập")
    SPLIT = "split", gettext_noop("Chia, tách")
    RENAME = "rename", gettext_noop("Đổi tên")
    TRANSFER = "transfer", gettext_noop("Chuyển giao chức năng")
    DISSOLVE = "dissolve", gettext_noop("Giải thể")


class DelegationForm(Labelled):
    """How a delegate signs."""

    ON_BEHALF = "KT.", gettext_noop("KT. – ký thay")
    BY_ORDER = "TL.", gettext_noop("TL. – thừa lệnh")
    AUTHORISED = "TUQ.", gettext_noop("TUQ. – thừa ủy quyền")
    ACTING = "Q.", gettext_noop("Q. – quyền")


# An account unused for this long is reviewed and closed (TCVN 14423:2026, 5.6.2.3, as its public check-list reads it).
REVIEW_IDLE_DAYS = 45
