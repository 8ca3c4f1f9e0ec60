"""Names of provinces and regions as they stand in titles, before and after the mergers of 01/07/2025.

Only to recognise a place in a title; codes, districts and succession are in the kernel's places.
Source: Nghị quyết 202/2025/QH15 and the list of 63 provincial units before it.
"""

from __future__ import annotations

from typing import Final

_PROVINCES = """
An Giang|Bà Rịa - Vũng Tàu|Bắc Giang|Bắc Kạn|Bạc Liêu|Bắc Ninh|Bến Tre|Bình Định|Bình Dương|Bình Phước|Bình Thuận
Cà Mau|Cần Thơ|Cao Bằng|Đà Nẵng|Đắk Lắk|Đắk Nông|Điện Biên|Đồng Nai|Đồng Tháp|Gia Lai|Hà Giang|Hà Nam|Hà Nội|Hà Tĩnh
Hải Dương|Hải Phòng|Hậu Giang|Hòa Bình|Hưng Yên|Khánh Hòa|Kiên Giang|Kon Tum|Lai Châu|Lâm Đồng|Lạng Sơn|Lào Cai
Long An|Nam Định|Nghệ An|Ninh Bình|Ninh Thuận|Phú Thọ|Phú Yên|Quảng Bình|Quảng Nam|Quảng Ngãi|Quảng Ninh|Quảng Trị
Sóc Trăng|Sơn La|Tây Ninh|Thái Bình|Thái Nguyên|Thanh Hóa|Thừa Thiên Huế|Huế|Tiền Giang|Hồ Chí Minh|Trà Vinh
Tuyên Quang|Vĩnh Long|Vĩnh Phúc|Yên Bái
"""
_REGIONS = """
Tây Nguyên|Tây Bắc|Đông Bắc|Đông Nam Bộ|Tây Nam Bộ|Nam Bộ|Bắc Bộ|Trung Bộ|Bắc Trung Bộ|Nam Trung Bộ|miền Trung|miền Bắc
miền Nam|Đồng bằng sông Cửu Long|Đồng bằng sông Hồng|Đồng Tháp Mười|Tứ giác Long Xuyên|Duyên hải Nam Trung Bộ|Việt Nam
ĐBSCL
"""


def _names(block: str) -> list[str]:
    return [name for line in block.strip().splitlines() for name in line.split("|")]


PROVINCES: Final = tuple(_names(_PROVINCES))
REGIONS: Final = tuple(_names(_REGIONS))
