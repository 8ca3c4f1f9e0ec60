"""Words for documents and legal instruments."""

from khcn.lib.labelled import Labelled, gettext_noop


class DocumentKind(Labelled):
    """What a document is; the value is its sign in a number."""

    PLAN = "KH", gettext_noop("Kế hoạch")
    DECISION = "QĐ", gettext_noop("Quyết định")
    REPORT = "BC", gettext_noop("Báo cáo")
    LETTER = "CV", gettext_noop("Công văn")
    NOTICE = "TB", gettext_noop("Thông báo")
    MINUTES = "BB", gettext_noop("Biên bản")
    CONTRACT = "HĐ", gettext_noop("Hợp đồng")
    FORM = "PH", gettext_noop("Phiếu")
    CERTIFICATE = "GCN", gettext_noop("Giấy chứng nhận")
    SUBMISSION = "TTr", gettext_noop("Tờ trình")
    PROPOSAL = "ĐX", gettext_noop("Phiếu đề xuất")
    EVIDENCE = "MC", gettext_noop("Minh chứng")
    OTHER = "KHAC", gettext_noop("Văn bản khác")


class LegalStatus(Labelled):
    """How sure the text behind a legal instrument is."""

    VERIFIED = "verified", gettext_noop("Đã đối chiếu văn bản")
    UNVERIFIED = "unverified", gettext_noop("Chưa đối chiếu văn bản")
