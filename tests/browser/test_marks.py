"""A right from its registration to a member who loses it, as people go it in the browser, and visits without signal.

Only what the pages show is used: the codes of the trace are read from the demonstration's member.
"""

import json
import re

import pytest
from shapely.geometry import box, mapping

from browser.watching import NARROW, WIDE, Tab

pytestmark = pytest.mark.browser
RIGHT, CODE = "Hạt điều Lộc Ninh", "hat-dieu-loc-ninh"
OLD = "/so-huu-tri-tue/su-dung/dieu-binh-phuoc-001/"
AREA, PLOT_INSIDE, PLOT_ACROSS = box(106.5, 11.7, 106.6, 11.8), box(106.55, 11.75, 106.56, 11.76), box(
    106.594, 11.75, 106.604, 11.76
)  # fmt: skip
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 64
KEPT = "(wanted) => caches.open('khcn-kiem-soat-1').then(c => c.match(wanted)).then(found => !!found)"


def look(tab: Tab) -> None:
    """The page fits a phone and axe finds nothing grave on it."""
    tab.resize(NARROW)
    assert tab.wider_than_screen() == [], tab.path
    tab.resize(WIDE)
    assert tab.axe() == [], tab.path


@pytest.fixture(scope="module")
def traced(tab_of):
    """(the member's code in the trace, its plots' codes, the code of a lot) as the demonstration shows them."""
    tab = tab_of("chuyenvien").open(OLD)
    sites = [re.search(r"https?://\S+|urn:\S+", row[0]) for row in tab.table("Thửa đất")]
    lot = tab.first_link(r"/so-huu-tri-tue/lo/[0-9a-f-]{36}/")
    tab.open(lot)
    uri = re.search(r"https?://\S+|urn:\S+", tab.text())
    tab.open(f"{OLD}sua/")
    party = tab.value_of("[name=party_uri]")
    assert party
    assert uri
    assert all(sites)
    return party, [one[0] for one in sites if one], uri[0]


@pytest.fixture(scope="module")
def shapes(tmp_path_factory):
    """The files that people send."""
    folder = tmp_path_factory.mktemp("shapes")
    made = {}
    for name, shape in (("area", AREA), ("inside", PLOT_INSIDE), ("across", PLOT_ACROSS)):
        path = folder / f"{name}.geojson"
        path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": mapping(shape)}))
        made[name] = str(path)
    picture = folder / "vuon.jpg"
    picture.write_bytes(JPEG)
    return {**made, "picture": str(picture)}


def specify(keeper: Tab, head: Tab, least: str, since: str) -> None:
    """A version of the specification, drafted and issued."""
    keeper.open(f"/so-huu-tri-tue/quyen/{CODE}/")
    keeper.follow("Lập bản mô tả")
    keeper.submit(
        "Lập bản mô tả",
        {"title": "Bản mô tả hạt điều", "parameters": "Độ ẩm; %; ; 5\nMùi; ; ; ; thơm", "percent": least},
    )
    number = keeper.path.rstrip("/").rsplit("/", 1)[1]
    head.open(f"/so-huu-tri-tue/quyen/{CODE}/ban-mo-ta/{number}/ban-hanh/")
    head.submit("Ban hành bản mô tả", {"valid_from": since, "decision": "QĐ 21/QĐ-UBND"})


def test_right_goes_from_its_registration_to_a_member_who_loses_it(tab_of, site, shoot, traced, shapes):
    party, sites, lot = traced
    keeper, head = tab_of("chuyenvien"), tab_of("giamdoc")
    today = f"{site.today:%d/%m/%Y}"

    # the right with its goods, area and specification
    keeper.open("/so-huu-tri-tue/moi/")
    keeper.submit(
        "Ghi quyền mới",
        {
            "kind": "gi", "name": RIGHT, "manager": "BP-SKHCN", "manager_from": "29/08/2018", "owner_name": "Nhà nước",
            "state": "registered", "registered_on": "13/03/2018", "registration_number": "00099",
        },
    )  # fmt: skip
    keeper.open(f"/so-huu-tri-tue/quyen/{CODE}/hang-hoa/")
    keeper.submit("Hàng hóa, sản phẩm", {"products": "Nhân điều"})
    keeper.open(f"/so-huu-tri-tue/quyen/{CODE}/khu-vuc/")
    keeper.submit("Lập khu vực địa lý", {"units_on": "29/08/2018", "file": shapes["area"], "note": "Theo bản đồ"})
    head.open(f"/so-huu-tri-tue/quyen/{CODE}/khu-vuc/1/ban-hanh/")
    head.submit("Ban hành khu vực địa lý", {"valid_from": "29/08/2018", "decision": "QĐ 20/QĐ-UBND"})
    specify(keeper, head, "100", "29/08/2018")
    head.open(f"/so-huu-tri-tue/quyen/{CODE}/")
    head.submit("Đưa vào sổ công khai")
    shoot(head, "shtt-quyen")
    look(head)

    # a member, one of whose plots lies partly outside
    keeper.open(f"/so-huu-tri-tue/quyen/{CODE}/su-dung/moi/")
    keeper.submit(
        "Nộp hồ sơ xin sử dụng",
        {"holder": "HTX Điều Lộc Ninh", "party_uri": party, "applied_on": today, "products": True},
    )
    member = keeper.path
    for number, uri in enumerate(sites, start=1):
        keeper.open(f"{member}viec/thua/")
        shape = shapes["across" if number == 1 else "inside"]
        keeper.submit("Thêm thửa", {"name": f"Lô {number}", "file": shape, "site_uri": uri, "area_ha": "1.2"})
    for values in ({"parameter": "Độ ẩm", "value": "4.5"}, {"parameter": "Mùi", "meets": "true"}):
        keeper.open(f"{member}viec/thu-nghiem/")
        keeper.submit("Ghi kết quả thử nghiệm", {**values, "sampled_on": today})
    for kind in ("place", "product", "people"):
        keeper.open(f"{member}viec/kiem-tra/")
        keeper.submit("Ghi kết quả kiểm tra", {"kind": kind, "passed": True, "on": today})
    head.open(f"{member}viec/quyet-dinh/")
    head.submit("Ra quyết định", {"act": "grant", "on": today, "decision": "QĐ 30/QĐ-SKHCN"})
    keeper.open(member)
    assert "60" in keeper.table("Thửa đất")[0][-1]
    shoot(keeper, "shtt-thanh-vien")
    look(keeper)

    # the lots of before were made by nobody with the right: the reason is told
    keeper.open(f"{member}viec/chung-nhan-lo/")
    with pytest.raises(AssertionError, match="không có quyền sử dụng còn hiệu lực"):
        keeper.submit("Chứng nhận lô hàng", {"lot_uri": lot, "product": "Nhân điều", "on": today})
    shoot(keeper, "shtt-chua-duoc-mang")

    # control: a plan by risk, and the right is taken away
    keeper.open(f"/so-huu-tri-tue/quyen/{CODE}/kiem-soat/lap/")
    keeper.submit("Lập kế hoạch kiểm soát", {"tier": "internal", "start": today, "days": "30"})
    shoot(keeper, "shtt-kiem-soat")
    look(keeper)
    head.open(f"{member}viec/quyet-dinh/")
    head.submit("Ra quyết định", {"act": "revoke", "on": today, "decision": "QĐ 31", "reason": "Trộn hàng"})
    assert "Đã thu hồi" in head.text()


def test_stamps_stop_at_the_certified_mass_and_a_scan_tells(tab_of, site, shoot):
    keeper = tab_of("chuyenvien").open(OLD)
    lot = keeper.first_link(r"/so-huu-tri-tue/lo/[0-9a-f-]{36}/")
    keeper.open(lot)
    left = float(re.search(r"Còn lại, kg\s+([\d.,]+)", keeper.text())[1].replace(".", "").replace(",", "."))

    keeper.open(f"{lot}cap-tem/")
    with pytest.raises(AssertionError, match="chỉ đủ cho"):
        keeper.submit("Cấp tem", {"order": "DBP", "count": str(int(left / 0.5) + 1)})
    shoot(keeper, "shtt-cap-tem")
    keeper.open(f"{lot}cap-tem/")
    keeper.submit("Cấp tem", {"order": "DBP", "count": "10"})
    shoot(keeper, "shtt-lo")
    look(keeper)
    codes = keeper.page.request.get(keeper.address + keeper.first_link(r"/so-huu-tri-tue/tem/[0-9a-f-]{36}/ma/")).text()

    anybody = tab_of()
    anybody.open(codes.splitlines()[0].replace("http://testserver", ""))
    assert "Tem thật" in anybody.text()
    shoot(anybody, "shtt-quet-tem")
    look(anybody)
    keeper.open("/so-huu-tri-tue/quyen/dieu-binh-phuoc/tem/")
    shoot(keeper, "shtt-so-tem")
    look(keeper)


#: picture → account and the way to the page
SCREENS = {
    "shtt-so-quyen": ("chuyenvien", "/so-huu-tri-tue/"),
    "shtt-cong-khai": ("", "/chi-dan-dia-ly/dieu-binh-phuoc/"),
    "shtt-tin-bao": ("chuyenvien", "/so-huu-tri-tue/tin-bao/"),
    "shtt-tin-bao-trang": ("chuyenvien", "/so-huu-tri-tue/tin-bao/?state=handed > /so-huu-tri-tue/tin-bao/PA-[0-9-]+/"),
    "shtt-phi": ("chuyenvien", "/so-huu-tri-tue/quyen/dieu-binh-phuoc/phi/"),
    "shtt-bao-cao-nam": (
        "chuyenvien", "/so-huu-tri-tue/quyen/dieu-binh-phuoc/bao-cao/ > /so-huu-tri-tue/bao-cao/[a-z0-9-]+/",
    ),
    "shtt-phan-mem": ("chuyenvien", "/so-huu-tri-tue/phan-mem/ > /so-huu-tri-tue/phan-mem/(?!moi)[a-z0-9-]+/"),
}  # fmt: skip


@pytest.mark.parametrize("name", SCREENS)
def test_screen_of_rights_fits_a_phone_and_reads_well(tab_of, shoot, name):
    account, way = SCREENS[name]
    tab = tab_of(account).go(way)

    shoot(tab, name)
    look(tab)


def test_visit_without_signal_is_kept_with_its_photograph_and_sent_once(tab_of, shapes, shoot):
    tab = tab_of("chuyenvien")
    page = tab.page
    tab.resize(NARROW)
    tab.open("/so-huu-tri-tue/hien-truong/")
    page.wait_for_function("() => !!navigator.serviceWorker.controller")
    form = page.locator("main a[data-keep]").first.get_attribute("href")
    page.wait_for_function(KEPT, arg=tab.address + form)

    page.context.set_offline(True)
    try:
        page.goto(tab.address + form)
        page.fill("[name=controller]", "Nguyễn Văn A")
        for box_ in page.locator("form [name^=m]").all():
            if box_.evaluate("e => e.tagName") == "SELECT":
                box_.select_option("true")
            else:
                box_.fill("16")
        page.set_input_files("[name=photos]", shapes["picture"])
        assert tab.wider_than_screen() == []
        shoot(tab, "shtt-hien-truong")
        tab.resize(NARROW)
        page.click("button[type=submit]")
        page.wait_for_url("**/so-huu-tri-tue/hien-truong/")
        page.wait_for_selector("[data-queue]:not([hidden])")
    finally:  # the tab is the account's, and others go on with it
        page.context.set_offline(False)
    page.reload(wait_until="networkidle")
    page.wait_for_selector("[data-queue]", state="hidden")
    tab.faults = []

    tab.resize(WIDE)
    tab.open("/so-huu-tri-tue/kiem-soat/" + form.rstrip("/").rsplit("/", 1)[1] + "/")
    assert "Đã kiểm tra" in tab.text()
    assert page.locator(".m-photos img").count() == 1
    look(tab)
