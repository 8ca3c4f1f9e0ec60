"""Pages of procedures, the one-stop room, ISO, stations and warnings, by account; as `PAGES` of test_pages."""

UID = r"[0-9a-f-]{36}"
REGISTERS = (
    "context", "party", "exclusion", "process", "link", "risk", "objective", "skill", "need", "held", "training",
    "attendance", "certificate", "communication", "knowledge", "supplier", "supplieryear", "instrument", "calibration",
    "records", "complaint", "output", "idea",
)  # fmt: skip
DOSSIER, VERSION = f"/mot-cua/ho-so/ > /mot-cua/ho-so/{UID}/", f"/quy-trinh/?state=effective > /quy-trinh/{UID}/"
PROPOSAL = "/canh-bao/?state=proposed > /canh-bao/CB-[0-9-]+/"
OFFICE_PAGES: dict[str, tuple[str, ...]] = {
    "": (
        "/dich-vu-cong/", f"/dich-vu-cong/ > /dich-vu-cong/{UID}/", f"/dich-vu-cong/ > /dich-vu-cong/{UID}/ > .*/nop/",
        "/tra-cuu-ho-so/", "/kiem-tra-chu-ky/", "/canh-bao/", "/canh-bao/cong-khai/",
        "/canh-bao/?state=cancelled > /canh-bao/CB-[0-9-]+/", "/thien-tai/danh-gia-canh-bao/",
    ),
    "motcua": (
        "/mot-cua/", "/mot-cua/ho-so/", DOSSIER, f"/mot-cua/ho-so/?status=returned > /mot-cua/ho-so/{UID}/",
        f"{DOSSIER} > /tra-cuu-ho-so/[A-Z0-9]+/", "/mot-cua/tiep-nhan/",
        f"/mot-cua/tiep-nhan/ > /mot-cua/tiep-nhan/{UID}/", "/mot-cua/so-theo-doi/", "/mot-cua/bo-chi-so/",
        "/mot-cua/phan-anh/", f"/mot-cua/phan-anh/ > /mot-cua/phan-anh/{UID}/", "/mot-cua/doi-soat/",
        "/mot-cua/khao-sat/", "/mot-cua/vang-mat/",
    ),
    "truongphong": (
        "/mot-cua/tong-quan/", f"{DOSSIER} > .*/giao/", "/thien-tai/bang/ > /thien-tai/bang/[a-z0-9-]+/", PROPOSAL,
    ),
    "chuyenvien": (
        "/mot-cua/thu-tuc/", f"/mot-cua/thu-tuc/ > /mot-cua/thu-tuc/{UID}/",
        "/van-ban/", f"/van-ban/ > /van-ban/{UID}/", "/van-ban/moi/", "/quy-trinh/", VERSION,
        f"{VERSION} > .*/bieu-mau/", f"{VERSION} > .*/khac/", "/quy-trinh/moi/", "/quy-trinh/nhap/",
        "/quy-trinh/thong-ke/", "/viec-quy-trinh/", f"{DOSSIER} > /quy-trinh/ho-so/{UID}/", "/iso/tinh/",
        "/thien-tai/", f"/thien-tai/ > /thien-tai/danh-gia/{UID}/", "/thien-tai/dot-vuot-nguong/",
        "/thien-tai/khai-bao/", "/thien-tai/bang/", "/thien-tai/bang/ > /thien-tai/bang/[a-z0-9-]+/", "/tram/",
        "/tram/mh-bu-gia-map/", "/tram/mh-bu-gia-map/sua/", "/tram/mh-bu-gia-map/nhap/",
        "/tram/mh-bu-gia-map/chuoi/rain_mm/", "/tram/mh-bu-gia-map/chuoi-moi/", "/tram-kiem-tra/", "/tram-moi/",
        "/tram-tep/", "/tram-goi-khong-nhan/",
        "/canh-bao/", PROPOSAL, f"{PROPOSAL} > .*/soan/", f"{PROPOSAL} > .*/xem-truoc/",
        "/canh-bao/?state=in_force > /canh-bao/CB-[0-9-]+/", "/canh-bao/moi/", "/canh-bao/noi-nhan/",
        "/canh-bao/thiet-hai/", "/canh-bao/ban-tin/", f"/canh-bao/ban-tin/ > /canh-bao/ban-tin/{UID}/",
        "/iso/khoi-tao/", "/iso/kiem-tra/", f"/iso/kiem-tra/ > /iso/kiem-tra/{UID}/", "/iso/kiem-tra/moi/",
    ),
    "quantri": ("/mot-cua/ma-dinh-danh/",),
    "thukyiso": (
        "/iso/", "/iso/can-bo/", "/iso/can-bo/vi-tri/", "/iso/nang-luc/ma-tran/", "/iso/ban-do-qua-trinh/",
        "/iso/phan-cong/", "/iso/dich-vu/", "/iso/phan-tich/", "/iso/bo-mau/", "/iso/ket-qua/",
        f"/iso/ket-qua/ > /iso/ket-qua/{UID}/", "/iso/tai-lieu/", f"/iso/tai-lieu/ > /iso/(tai-lieu|ban)/{UID}/",
        "/iso/tai-lieu/moi/", "/iso/tai-lieu/can-doc/", "/iso/thay-doi/", "/iso/thay-doi/moi/", "/iso/danh-gia/",
        f"/iso/danh-gia/ > /iso/danh-gia/{UID}/", f"/iso/danh-gia/ > /iso/danh-gia/chuong-trinh/{UID}/",
        "/iso/khong-phu-hop/", f"/iso/khong-phu-hop/ > /iso/khong-phu-hop/{UID}/", "/iso/khong-phu-hop/bang/",
        "/iso/khong-phu-hop/moi/", "/iso/xem-xet/", f"/iso/xem-xet/ > /iso/xem-xet/{UID}/", "/iso/xem-xet/moi/",
        "/iso/cong-bo/", f"/iso/cong-bo/ > /iso/cong-bo/{UID}/", "/iso/so/risk/moi/", "/iso/so/objective/moi/",
        f"/iso/so/risk/ > /iso/so/risk/{UID}/", f"/iso/so/objective/ > /iso/so/objective/{UID}/",
        *(f"/iso/so/{key}/" for key in REGISTERS),
    ),
    "danhgia": ("/", "/iso/"),
    "thutruong": ("/mot-cua/khao-sat/moi/", "/mot-cua/thu-tuc/moi/", "/mot-cua/thu-tuc/nhap/"),
    "congchuc": ("/", "/iso/tai-lieu/can-doc/"),
}  # fmt: skip
