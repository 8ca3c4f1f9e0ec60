"""The list of products: found without diacritics, filtered, exported; filters kept under a name on every long list."""

import pytest
from django.urls import reverse

from khcn.domains.programme.models import Product, SavedFilter
from khcn.domains.programme.tests.tasks.world import make_world
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = make_world()
    Product.objects.create(
        task=world.task, code="SP-02", name="Quy trình ủ phân", type="process", purpose="production",
        sector="agriculture",
    )  # fmt: skip
    return world


def test_product_is_found_without_diacritics_and_by_type(world):
    client = client_for(world.specialist)
    address = reverse("product_list")

    assert "Chế phẩm Trichoderma" in client.get(address).content.decode()
    words = client.get(address, {"q": "quy trinh u phan"}).content.decode()
    kinds = client.get(address, {"type": "bioproduct"}).content.decode()
    none = client.get(address, {"applied": "true"}).content.decode()

    assert ("Quy trình ủ phân" in words, "Chế phẩm Trichoderma" in words) == (True, False)
    assert ("Quy trình ủ phân" in kinds, "Chế phẩm Trichoderma" in kinds) == (False, True)
    assert "Không có sản phẩm nào khớp bộ lọc" in none


def test_product_list_of_another_host_is_empty_and_the_file_holds_the_rows(world):
    stranger = client_for(make_member(Role.HOST)).get(reverse("product_list")).content.decode()
    sheet = b"".join(
        client_for(world.specialist).get(reverse("product_list") + "?tai=csv&type=process").streaming_content
    )

    assert "Chưa có sản phẩm nào" in stranger
    assert "Quy trình ủ phân" in sheet.decode("utf-8-sig")
    assert "Trichoderma" not in sheet.decode("utf-8-sig")


def test_product_list_statements_do_not_grow_with_rows(world, sql_count):
    client = client_for(world.specialist)
    client.get(reverse("product_list"))
    with sql_count() as few:
        client.get(reverse("product_list"))
    for number in range(20):
        Product.objects.create(
            task=world.task, code=f"SP-1{number}", name="Thêm", type="process", purpose="production",
            sector="agriculture",
        )  # fmt: skip
    with sql_count() as many:
        client.get(reverse("product_list"))

    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("name", "address", "query"),
    [
        ("products", "product_list", "type=process"),
        ("councils", "council_list", "state=drafted"),
        ("issues", "issue_list", "state=raised"),
        ("applications", "application_list", "state=draft"),
    ],
)
def test_filter_is_kept_under_a_name_and_offered_again(world, name, address, query):
    client = client_for(world.specialist)

    kept = client.post(reverse("pipeline_filter_save", args=[name]), {"query": query, "name": "Của tôi"})

    assert kept.status_code == 302
    assert SavedFilter.objects.get().query == query
    shown = client.get(reverse(address)).content.decode()
    assert "Của tôi" in shown
    assert f"?{query}" in shown
