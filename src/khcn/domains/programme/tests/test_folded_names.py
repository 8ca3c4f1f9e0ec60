"""Names folded for search: kept at every save, filled by the migrations, found by word in any order."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse

from khcn.domains.programme.models import Application, Call, Issue, Order, OrderList, RuleSet
from khcn.kernel.orgs.tests.cast import client_for
from khcn.kernel.places.models import Place
from khcn.kernel.procedures.models import Council
from khcn.web.search import search

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FOLDED = {
    OrderList: "dm-2023-01 danh muc dat hang 12/qd-ubnd", Order: "may tach vo hat dieu", Call: "tb-2023-01",
    Application: "hs-2023-01", Issue: "vm-2023-01 thieu nuoc tuoi",
    Council: "hd-2023-01 hoi dong tu van 7/qd-skhcn", Place: "xa dak nhau",
}  # fmt: skip
FILLS = {
    "khcn.domains.programme.migrations.0012_folded_names": (
        "fill_order_lists", "fill_orders", "fill_calls", "fill_applications", "fill_issues",
    ),
    "khcn.kernel.procedures.migrations.0004_council_folded": ("fill",),
    "khcn.kernel.places.migrations.0006_place_folded": ("fill",),
}  # fmt: skip


@pytest.fixture
def records(people):
    host = people.host
    rules = RuleSet.objects.create(code="B", title="Bộ quy tắc B", regime="law_2013", pinning="at_approval")
    order_list = OrderList.objects.create(
        code="DM-2023-01", title="Danh mục đặt hàng", year=2023, decision_number="12/QĐ-UBND", state="published"
    )
    order = Order.objects.create(order_list=order_list, title="Máy tách vỏ hạt điều", kind="research")
    call = Call.objects.create(code="TB-2023-01", order=order, rule_set=rules, state="open")
    Application.objects.create(
        code="HS-2023-01", call=call, host=host.organisation, pi=host.person, state="valid",
    )  # fmt: skip
    Issue.objects.create(
        code="VM-2023-01", title="Thiếu nước tưới", kind="other", reporter=host.organisation, raised_on=date(2023, 3, 1)
    )
    Council.objects.create(
        code="HĐ-2023-01", kind="identification", title="Hội đồng tư vấn", rule_set="B", decision_number="7/QĐ-SKHCN"
    )
    Place.objects.create(name="Xã Đắk Nhau")


def kept():
    return {model: model.objects.get().folded for model in FOLDED}


def test_folded_name_is_kept_at_every_save(records):
    assert kept() == FOLDED

    order = Order.objects.get()
    order.title = "Máy sấy hạt điều"
    order.save()

    assert Order.objects.get().folded == "may say hat dieu"


def test_folded_names_of_older_records_are_filled_by_the_migrations(records):
    for model in FOLDED:
        model.objects.update(folded="")

    for module, names in FILLS.items():
        for name in names:
            getattr(import_module(module), name)(apps, None)

    assert kept() == FOLDED


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("order_list_list", "dat hang danh muc"),
        ("order_list_list", "12/qd"),
        ("call_list", "hat dieu tach"),
        ("call_list", "TB-2023"),
        ("application_list", "tach vo 2023"),
        ("issue_list", "nuoc tuoi thieu"),
        ("council_list", "tu van"),
        ("council_list", "hội đồng 7/QĐ"),
    ],
)
def test_list_finds_words_in_any_order_without_diacritics(records, people, name, typed):
    client = client_for(people.specialist)

    assert client.get(reverse(name), {"q": typed}).context["page"].paginator.count == 1
    assert client.get(reverse(name), {"q": f"{typed} khongco"}).context["page"].paginator.count == 0


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("order_lists", "dat hang"),
        ("calls", "vo hat dieu"),
        ("applications", "vo hat dieu"),
        ("issues", "nuoc tuoi"),
        ("councils", "hoi dong tu van"),
    ],
)
def test_search_finds_each_kind_by_its_folded_name(records, people, key, typed):
    groups = {group.key: group.hits for group in search(people.specialist.actor, typed)}

    assert len(groups[key]) == 1
