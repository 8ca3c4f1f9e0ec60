"""The long lists of the programme: found without diacritics, filtered, exported, filters kept under a name."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from khcn.domains.programme.models import LedgerEntry, SavedFilter
from khcn.domains.programme.tests.reports.test_reports import busy
from khcn.domains.programme.tests.reports.world import build_world
from khcn.domains.programme.views.pipeline.saved_filters import LISTS
from khcn.kernel.orgs.tests.cast import client_for, make_member
from khcn.lib.roles import Role

pytestmark = pytest.mark.django_db
NARROWING = {
    "proposals": "state=draft", "order_lists": "year=2024", "calls": "mode=selection", "applications": "year=2024",
    "products": "type=process", "councils": "state=drafted", "issues": "state=raised", "reports": "report=R1",
    "application_map": "stage=applied", "entries": "kind=payment", "payment_files": "state=drafting",
}  # fmt: skip


@pytest.fixture
def world(cast, people):
    made = build_world(cast, people.specialist.actor)
    busy(made)
    return made


@pytest.mark.parametrize("name", LISTS)
def test_list_keeps_its_filters_under_a_name_and_has_search_filters_and_files(world, people, name):
    client, address = client_for(people.specialist), reverse(LISTS[name])

    client.post(reverse("pipeline_filter_save", args=[name]), {"query": NARROWING[name], "name": "Của tôi"})
    page = client.get(address).content.decode()
    narrowed = client.get(f"{address}?{NARROWING[name]}")
    sheet = client.get(f"{address}?tai=csv&{NARROWING[name]}")

    assert SavedFilter.objects.get().page == name
    assert ("Của tôi" in page, f"?{NARROWING[name]}" in page) == (True, True)
    assert 'type="search"' in page
    assert len(narrowed.context["filters"].chips) == 1
    assert sheet["Content-Type"].startswith("text/csv")
    assert client.get(f"{address}?q=khong+bao+gio+co").context["page"].paginator.count == 0


def test_ledger_is_found_by_task_filtered_summed_and_kept_from_hosts(world, people):
    client, address = client_for(people.specialist), reverse("entry_list")
    entry = LedgerEntry.objects.filter(kind="payment").select_related("task").first()
    payments = LedgerEntry.objects.filter(kind="payment")

    response = client.get(address, {"kind": "payment"})
    by_task = client.get(address, {"q": entry.task.code.lower()}).context["page"]

    signed = sum(-one.amount_vnd if one.reverses_id else one.amount_vnd for one in payments)
    assert response.context["total"] == signed
    assert response.context["page"].paginator.count == payments.count()
    assert {one.task_id for one in by_task} == {entry.task_id}
    assert client.get(address).context["total"] is None
    assert client_for(make_member(Role.HOST)).get(address).status_code == 403


def test_report_is_found_by_its_title_without_diacritics(world, people):
    client, address = client_for(people.specialist), reverse("report_list")
    client.post(
        reverse("report_new"),
        {"plan": world.plan.uid, "report": "R3", "period": "year-2024-1", "basis": "administrative"},
    )

    assert client.get(address, {"q": "kinh phi theo nguon"}).context["page"].paginator.count == 1
    assert client.get(address, {"q": "tinh hinh nhiem vu"}).context["page"].paginator.count == 0
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    lists = [query["sql"] for query in asked if 'FROM "programme_reportrun"' in query["sql"]]
    assert lists
    assert not [sql for sql in lists if '"snapshot"' in sql]  # megabytes each, for a line in a list
    sheet = b"".join(client.get(f"{address}?tai=csv&report=R3").streaming_content).decode()
    assert "Kinh phí theo nguồn và năm" in sheet
