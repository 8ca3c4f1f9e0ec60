"""Pages of lists: rows that the order leaves equal never change places between pages."""

import pytest
from django.contrib.auth.models import Permission
from django.db.models import Count
from django.test import RequestFactory

from khcn.web.listing import paginate

pytestmark = [pytest.mark.django_db, pytest.mark.database]
SAME = "content_type__app_label"


def page_of(rows, place=1):
    return paginate(rows, RequestFactory().get("/", {"trang": place}), per_page=4)


def names(rows):
    return [str(name) for name in page_of(rows).paginator.object_list.query.order_by]


def test_pages_of_rows_without_a_last_key_stand_by_the_primary_key_and_never_overlap():
    rows = Permission.objects.order_by(SAME)

    pages = [[one.pk for one in page_of(rows, place)] for place in page_of(rows).paginator.page_range]

    found = [key for page in pages for key in page]
    assert len(pages) > 2
    assert found == [key for _, key in sorted(Permission.objects.values_list(SAME, "pk"))]


def test_page_keeps_the_order_asked_for_and_adds_nothing_to_a_total_one():
    assert names(Permission.objects.order_by("-name")) == ["-name", "pk"]
    assert names(Permission.objects.order_by("name", "-pk")) == ["name", "-pk"]
    assert names(Permission.objects.order_by("name", "id")) == ["name", "id"]
    assert names(Permission.objects.annotate(held=Count("group")).order_by("held")) == ["held", "pk"]


def test_page_of_groups_and_lists_stays_as_it_is():
    grouped = Permission.objects.values("codename").annotate(count=Count("pk")).order_by("codename")

    assert names(grouped) == ["codename"]
    assert list(page_of([3, 1, 2])) == [3, 1, 2]
