"""From the plan's file to figures that moved, through the real pages in a browser, by everybody whose turn it is."""

import re

import pytest

from browser.picturing import FOLDER, GUIDE, LARGEST_BYTES
from journey import CHANGED, PLAN_TEXT, START, Journey

pytestmark = pytest.mark.browser


def test_plan_goes_from_its_file_to_applied_results_and_moved_figures(tab_of, site, shoot, tmp_path):
    file = tmp_path / "ke-hoach-2026-2030.txt"
    file.write_text(PLAN_TEXT, "utf-8")
    site.move_to(START)

    before, after = Journey(person=tab_of, move_to=site.move_to, shoot=shoot).walk(str(file))

    assert {code for code in before.targets if before.targets[code] != after.targets[code]} >= CHANGED
    assert (after.targets["T1"], after.targets["T7"]) == ("1", "100%")
    assert before.report != after.report


def test_pictures_are_those_that_the_pages_of_the_guide_name(shoot):
    named = {
        name
        for page in GUIDE.glob("*.md")
        for name in re.findall(r"\(images/([a-z0-9-]+)\.png\)", page.read_text("utf-8"))
    }
    files = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}

    assert named == set(files), "pictures named without a file, or files that no page names"
    assert {name for name, size in files.items() if size > LARGEST_BYTES} == set()
    assert sum(files.values()) < 6_000_000
    missing = named - shoot.names
    if len(shoot.names) > 40:  # the whole layer ran, and not a choice of its tests
        assert missing == set(), "no test takes these pictures"
