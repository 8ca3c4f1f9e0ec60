"""Which literals count as texts for people, and how a catalogue is compared and put in order."""

from pathlib import Path

import polib
import pytest

from khcn.site.texts import catalogues, python_texts, reference_texts, template_texts
from khcn.site.texts.entry import Text

SERVICES, MODELS = "domains/sample/services/loans.py", "domains/sample/models.py"


@pytest.mark.parametrize(
    ("source", "path", "found"),
    [
        ('label = _("Sửa")', SERVICES, {Text("Sửa")}),
        ('ngettext("%(n)s ngày", "%(n)s ngày", n)', SERVICES, {Text("%(n)s ngày", "%(n)s ngày")}),
        ('raise Refused("Số tiền không được âm.")', SERVICES, {Text("Số tiền không được âm.")}),
        ('raise Refused(f"Số {loan.number} đã có.")', SERVICES, {Text("Số {number} đã có.")}),
        ('raise Refused(f"{a.code} khác {b.code} rồi")', SERVICES, {Text("{code} khác {code_2} rồi")}),
        ('notify(title=f"Duyệt: {title}")', SERVICES, {Text("Duyệt: {title}")}),
        ('x = Finding("late", "Đã trễ hạn.", "Điều 3")', SERVICES, {Text("Đã trễ hạn.")}),
        ('number = models.CharField("số hợp đồng")', MODELS, {Text("số hợp đồng")}),
        ('paper = "Kính gửi: Sở Tài chính"', SERVICES, set()),
        ('"""Câu mô tả mô-đun."""', MODELS, set()),
        ('def __str__(self):\n    return f"Hợp đồng {self.number}"', MODELS, set()),
        ('raise Refused("TT 20/2023/TT-BKHCN, Điều 6")', SERVICES, set()),
        ('print("Đã nạp xong")', "site/demo/telling.py", set()),
    ],
)
def test_texts_of_python_finds_what_people_read(source: str, path: str, found: set[Text]) -> None:
    assert set(python_texts.texts_of(source, path)) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("{% translate 'Sửa' %}", {Text("Sửa")}),
        ("{% translate \"Nói “vậy” 'thôi'\" %}", {Text("Nói “vậy” 'thôi'")}),
        ('<c-card title="{{ title|default:_("Các bước") }}">', {Text("Các bước")}),
        ("{% blocktranslate with n=a %}Còn {{ n }} dòng{% endblocktranslate %}", {Text("Còn %(n)s dòng")}),
        (
            "{% blocktranslate count n=a %}{{ n }} ngày{% plural %}{{ n }} ngày{% endblocktranslate %}",
            {Text("%(n)s ngày", "%(n)s ngày")},
        ),
        ("{% comment %}Bỏ{% endcomment %}<p>Viết thẳng</p>", set()),
    ],
)
def test_texts_of_template_finds_what_is_marked(source: str, found: set[Text]) -> None:
    assert set(template_texts.texts_of(source, "page.html")) == found


@pytest.mark.parametrize(
    ("below", "app"),
    [
        ("domains/programme/rules/clocks.py", "domains/programme"), ("kernel/orgs/models.py", "kernel/orgs"),
        ("lib/failure.py", "web"), ("standards/nd30/lint.py", "web"), ("site/views/home.py", "site"),
    ],
)  # fmt: skip
def test_catalogue_of_a_file_is_that_of_its_app(below: str, app: str) -> None:
    assert catalogues.catalogue_of(Path(below)) == catalogues.SOURCE / app / "locale/en/LC_MESSAGES/django.po"


@pytest.fixture
def small_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    source = tmp_path / "src" / "khcn"
    for path, text in {
        "web/screens.py": '_("Lưu"); _("Xóa")', "kernel/orgs/services.py": 'raise Refused("Ghi lý do."); _("Lưu")',
    }.items():  # fmt: skip
        (source / path).parent.mkdir(parents=True)
        (source / path).write_text(text, "utf-8")
    monkeypatch.setattr(catalogues, "SOURCE", source)
    monkeypatch.setattr(reference_texts, "SPOKEN", {})
    saved, gone = polib.POEntry(msgid="Lưu", msgstr="Save"), polib.POEntry(msgid="Gửi", msgstr="Send")
    catalogues.write(catalogues.catalogue_of(Path("web/screens.py")), [saved, gone])
    return source


def test_departures_name_what_to_add_and_remove_and_where(small_source: Path) -> None:
    told = "\n".join(map(str, catalogues.departures()))

    assert told.splitlines() == [
        "src/khcn/kernel/orgs/locale/en/LC_MESSAGES/django.po:",
        "  add    msgid 'Ghi lý do.'  (said in kernel/orgs/services.py)",
        "  add    msgid 'Lưu'  (said in kernel/orgs/services.py)",
        "src/khcn/web/locale/en/LC_MESSAGES/django.po:",
        "  add    msgid 'Xóa'  (said in web/screens.py)",
        "  remove msgid 'Gửi'",
    ]


def test_put_in_order_adds_removes_sorts_and_takes_over_known_english(small_source: Path) -> None:
    catalogues.put_in_order()

    orgs = polib.pofile(str(small_source / "kernel/orgs/locale/en/LC_MESSAGES/django.po"))
    web = polib.pofile(str(small_source / "web/locale/en/LC_MESSAGES/django.po"))
    assert [(entry.msgid, entry.msgstr) for entry in orgs] == [("Ghi lý do.", ""), ("Lưu", "Save")]
    assert [(entry.msgid, entry.msgstr) for entry in web] == [("Lưu", "Save"), ("Xóa", "")]
    assert catalogues.departures() == []
