"""An agency's first year with electronic ISO, through the real pages in a browser, by everybody whose turn it is."""

import re
from datetime import date, timedelta

import pytest

from browser.quality_year import QualityYear

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def agencies_effective(words: str) -> tuple[int, int]:
    """How many agencies of the day apply the system effectively, and of how many, as the dashboard says it."""
    found = re.search(r"Theo danh sách tại ngày báo cáo: [\d,]+% \((\d+)/(\d+)\)", words)
    assert found, words
    return int(found[1]), int(found[2])


def test_agency_goes_from_a_drawn_procedure_to_effective_and_moves_the_target(tab_of, site, shoot, tmp_path):
    (tmp_path / "don.pdf").write_bytes(PDF)
    start = date(site.today.year + 1, 1, 6)
    start += timedelta(days=-start.weekday() % 7 if start.weekday() >= 5 else 0)
    site.move_to(start)

    year = QualityYear(person=tab_of, move_to=site.move_to, shoot=shoot, files=tmp_path, today=start)
    before, after = (agencies_effective(words) for words in year.walk())

    assert after == (before[0] + 1, before[1])
