"""An invented, complete message, and ways to break it."""

from datetime import datetime, timedelta, timezone

from khcn.standards.cap.model import Alert, Area, Circle, Info, Named, Reference, Resource

HANOI = timezone(timedelta(hours=7))
SENT = datetime(2026, 10, 3, 14, 5, tzinfo=HANOI)
RING = ((12.05, 107.0), (12.05, 107.2), (12.25, 107.2), (12.25, 107.0), (12.05, 107.0))


def example(**changes) -> Alert:
    """The whole example; `changes` replace values of the alert."""
    info = Info(
        language="vi-VN",
        categories=("Met",),
        event="Mưa lớn",
        response_types=("Prepare", "Monitor"),
        urgency="Expected",
        severity="Minor",
        certainty="Likely",
        audience="Người dân xã Bù Gia Mập",
        event_codes=(Named("VN-QD18", "44"),),
        effective=SENT,
        onset=SENT + timedelta(hours=1),
        expires=SENT + timedelta(hours=12),
        sender_name="Ban chỉ huy phòng thủ dân sự tỉnh (minh họa)",
        headline="Mưa lớn tại Bù Gia Mập",
        description="Lượng mưa 24 giờ có thể vượt 100 mm.",
        instruction="Không qua ngầm, suối khi nước chảy xiết.",
        web="https://canhbao.example.vn/1",
        contact="Trực ban: 0271 000 000",
        parameters=(Named("VN-QD18:riskLevel", "1"),),
        resources=(
            Resource("Bản đồ mưa", "text/plain", 4, "", "TcawYQ==", "43455c201f914c3d9a64a706bdb282551de96941"),
        ),
        areas=(
            Area(
                "Xã Bù Gia Mập", (RING,), (Circle((12.1, 107.1), 3.5),), (Named("VN-DVHC-2025", "25222"),), "0", "3000"
            ),
        ),
    )
    whole = {
        "identifier": "VN-BP-2026-0001.2",
        "sender": "pcttbp@example.vn",
        "sent": SENT,
        "status": "Actual",
        "message_type": "Update",
        "scope": "Restricted",
        "source": "Trạm Bù Gia Mập",
        "restriction": "Nội bộ tỉnh",
        "addresses": ("a@example.vn", "Phòng Nông nghiệp"),
        "codes": ("VN-1.0",),
        "note": "Minh họa",
        "references": (Reference("pcttbp@example.vn", "VN-BP-2026-0001.1", SENT - timedelta(hours=2)),),
        "incidents": ("mưa-2026-10", "đợt mưa"),
        "infos": (info,),
    }
    return Alert(**{**whole, **changes})
