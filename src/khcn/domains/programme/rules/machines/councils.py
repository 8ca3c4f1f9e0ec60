"""The machine of a council or appraisal team, from its proposed seats to its signed minutes."""

from __future__ import annotations

from khcn.lib.roles import Role

from ...choices import CouncilState as S
from ..transitions import Machine, row, table

COUNCIL = Machine(
    "council",
    "hội đồng",
    S,
    S.DRAFTED,
    table(
        row(
            S.DRAFTED,
            "establish",
            S.ESTABLISHED,
            "Thành lập hội đồng",
            Role.DIRECTOR,
            Role.LEADER,
            guards=("council.composition", "council.no_conflicts"),
            documents=("QĐ-HĐ",),
            starts=("acceptance.session",),
            stops=("acceptance.establish",),
        ),
        row(
            S.ESTABLISHED,
            "send_papers",
            S.PAPERS_SENT,
            "Gửi tài liệu",
            Role.ADMIN_SECRETARY,
            guards=("council.papers_in_time",),
        ),
        row(
            S.PAPERS_SENT,
            "open_session",
            S.IN_SESSION,
            "Khai mạc phiên họp",
            Role.ADMIN_SECRETARY,
            Role.CHAIR,
            guards=("council.no_conflicts", "council.quorum", "council.reviews_received"),
            documents=("E-GUQ", "B2-7-GUQ"),
            stops=("acceptance.session",),
        ),
        row(
            S.IN_SESSION,
            "adjourn",
            S.PAPERS_SENT,
            "Hoãn phiên họp",
            Role.ADMIN_SECRETARY,
            Role.CHAIR,
            Role.VICE_CHAIR,
            guards=("act.reason_given",),
        ),
        row(
            S.IN_SESSION,
            "seal_ballots",
            S.BALLOTS_SEALED,
            "Niêm phong phiếu",
            Role.ADMIN_SECRETARY,
            guards=("council.all_voted",),
        ),
        row(
            S.IN_SESSION,
            "conclude",
            S.COUNTED,
            "Kết luận thẩm định",
            Role.APPRAISER,
            Role.ADMIN_SECRETARY,
            guards=("council.kind_is_appraisal",),
            documents=("B3-1a-BBTĐĐT/ĐA", "B3-1b-BBTĐDA"),
        ),
        row(
            S.BALLOTS_SEALED,
            "count",
            S.COUNTED,
            "Kiểm phiếu",
            Role.ADMIN_SECRETARY,
            Role.SCI_SECRETARY,
            documents=("C3-BBKP", "B2-4-KPĐG", "NT-M8"),
        ),
        row(
            S.COUNTED,
            "sign_minutes",
            S.MINUTES_SIGNED,
            "Ký biên bản",
            Role.CHAIR,
            Role.VICE_CHAIR,
            guards=("council.secretary_signed",),
            documents=("D1-BBHĐ", "B2-6-BBHĐ", "NT-M9"),
            starts=("acceptance.conclusion",),
        ),
        row(S.MINUTES_SIGNED, "close", S.CLOSED, "Kết thúc hội đồng", Role.ADMIN_SECRETARY, Role.SPECIALIST),
        row(
            (S.DRAFTED, S.ESTABLISHED, S.PAPERS_SENT, S.MINUTES_SIGNED),
            "replace",
            S.REPLACED,
            "Thay hội đồng khác",
            Role.DIRECTOR,
            Role.LEADER,
            guards=("act.reason_given",),
            stops=("acceptance.session",),
        ),
    ),
)
