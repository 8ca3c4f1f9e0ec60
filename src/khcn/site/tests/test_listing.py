"""Pages, orders, filters and files of lists, on real rows."""

import io

import django_filters
import openpyxl
import pytest
from django.test import RequestFactory

from khcn.kernel.orgs.models import Organisation
from khcn.kernel.orgs.tests.cast import make_organisation
from khcn.web.listing import Export, filtered, order, paginate
from khcn.web.spreadsheets.writing import CellKind, Column

pytestmark = pytest.mark.django_db
ORDERS = {"code": "code", "name": ("sort_key", "code")}
FILE = Export("Cơ quan", "DANH SÁCH", [Column("Mã"), Column("Tên"), Column("Số", CellKind.INTEGER)],
              row=lambda one: (one.code, one.name, one.pk))  # fmt: skip


class ByKind(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="folded", lookup_expr="contains", label="Tìm")
    kind = django_filters.ChoiceFilter(choices=[("state", "Nhà nước"), ("research", "Viện")], label="Loại")
    kinds = django_filters.MultipleChoiceFilter(
        field_name="kind", choices=[("state", "Nhà nước"), ("research", "Viện")], label="Các loại"
    )

    class Meta:
        model = Organisation
        fields: list[str] = []


def get(query=""):
    return RequestFactory().get(f"/?{query}")


@pytest.fixture
def rows(db):
    for name in ("Ân", "An", "Ăn", "Bình", "Đức", "Dũng"):
        make_organisation(name)
    return Organisation.objects.all()


def test_order_by_name_is_vietnamese_and_turns(rows):
    up, ordering = order(rows, get("xep=name"), ORDERS, default="code")
    down, _ordering = order(rows, get("xep=-name"), ORDERS, default="code")

    assert [one.name for one in up] == ["An", "Ăn", "Ân", "Bình", "Dũng", "Đức"]
    assert [one.name for one in down] == ["Đức", "Dũng", "Bình", "Ân", "Ăn", "An"]
    assert ordering.next_of("name") == "-name"
    assert ordering.direction_of("code") == "none"


@pytest.mark.parametrize("asked", ["", "xep=password", "xep=--code", "xep=code__x", "xep=-"])
def test_order_asked_for_in_vain_is_the_default(rows, asked):
    _rows, ordering = order(rows, get(asked), ORDERS, default="code")

    assert (ordering.key, ordering.descending) == ("code", False)


@pytest.mark.parametrize(
    ("asked", "number"), [("", 1), ("trang=2", 2), ("trang=99", 3), ("trang=-1", 3), ("trang=a", 1)]
)
def test_page_asked_for_in_vain_is_the_nearest(rows, asked, number):
    assert paginate(rows.order_by("pk"), get(asked), per_page=2).number == number


def test_filters_narrow_and_their_chips_take_them_out(rows):
    request = get("q=duc&kind=state&trang=3&xep=name")

    filters = filtered(ByKind, request, rows)

    assert [one.name for one in filters.rows] == ["Đức"]
    assert [(chip.label, chip.value) for chip in filters.chips] == [("Tìm", "duc"), ("Loại", "Nhà nước")]
    assert filters.chips[0].without == "?kind=state&xep=name"
    assert filters.cleared == "?xep=name"


def test_filters_without_conditions_show_no_chips_and_say_all(rows):
    filters = filtered(ByKind, get(), rows)

    assert not filters.active
    assert filters.rows.count() == 6
    assert "Tất cả" in str(filters.form["kind"])
    assert 'type="checkbox"' in str(filters.form["kinds"])


def test_filters_with_an_impossible_choice_show_it_in_the_form(rows):
    filters = filtered(ByKind, get("kind=moon"), rows)

    assert filters.form.errors
    assert not filters.chips


def test_export_gives_every_row_with_its_type_and_no_formula(rows):
    make_organisation("=HYPERLINK(1)")

    response = FILE.respond(get("tai=xlsx"), rows.order_by("pk"))

    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert ["Mã", "Tên", "Số"] in cells
    assert sum(1 for row in cells if row[1] in {"An", "Ăn", "Ân", "Bình", "Đức", "Dũng"}) == 6
    assert any(row[1] == "=HYPERLINK(1)" for row in cells)
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert "co-quan-" in response["Content-Disposition"]


def test_export_as_csv_is_streamed_with_vietnamese_readable_by_excel(rows):
    response = FILE.respond(get("tai=csv"), rows.order_by("pk"))

    body = b"".join(response.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    assert "Đức" in body.decode()


@pytest.mark.parametrize(("asked", "kind"), [("tai=xlsx", "xlsx"), ("tai=csv", "csv"), ("tai=exe", ""), ("", "")])
def test_export_is_asked_for_by_name(asked, kind):
    assert FILE.asked_for(get(asked)) == kind
