"""The user guide: its Markdown as pages, every link and picture, its search, and the way from screens."""

import re

import pytest
from bs4 import BeautifulSoup
from django.urls import get_resolver

from khcn.site.guide import shelf
from khcn.site.guide.markup import anchor_of, as_html, headings_of
from khcn.site.guide.topics import TOPICS, topic_of

PAGES = sorted(shelf.FOLDER.glob("*.md"))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_is_drawn_whole_with_its_headings_where_addresses_reach_them(path):
    source = path.read_text("utf-8")

    soup = BeautifulSoup(as_html(source, lambda target: f"/tai/{target}"), "html.parser")

    drawn = [(int(one.name[1]), one.get_text(), one["id"]) for one in soup.find_all(re.compile("^h[1-6]$"))]
    assert drawn == [(one.depth, one.text, one.anchor) for one in headings_of(source)]
    assert len({anchor for _depth, _text, anchor in drawn}) == len(drawn)
    assert all(one["src"].startswith("/tai/images/") and one["alt"] for one in soup.find_all("img"))
    assert len(soup.find_all("img")) == source.count("](images/")
    assert not soup.find_all(style=True), "the content policy blocks styles in the page"
    words = soup.get_text()
    assert not re.search(r"\*\*|\]\(|^\s*\|", words, re.MULTILINE), "marks of Markdown that were not understood"


def test_steps_go_on_counting_after_a_picture_and_keep_it_inside_the_step():
    html = as_html("1. Mở\n\n   ![Hình](images/a.png)\n\n2. Đóng\n", lambda target: target)

    soup = BeautifulSoup(html, "html.parser")
    assert len(soup.find_all("ol")) == 1
    assert soup.find("img").find_parent("li").get_text(strip=True) == "Mở"
    assert soup.find("img")["loading"] == "lazy"


def test_html_in_a_page_is_shown_and_not_run():
    html = as_html('<script>alert("x")</script>\n\n[a](javascript:x"y) **<b>** `<i>`', lambda target: target)

    assert "<script" not in html
    assert "<b>" not in html
    assert "href" not in html, "a link that runs code stays text"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_names_only_pages_headings_and_pictures_that_exist(path):
    source = path.read_text("utf-8")

    for target in re.findall(r"\]\(([^)\s]+)\)", source):
        if target.startswith("images/"):
            assert shelf.picture_named(target.removeprefix("images/")), target
            continue
        name, _md, anchor = target.partition(".md")
        page = shelf.page_named(name)
        assert page is not None, target
        assert not anchor or anchor[1:] in {heading.anchor for heading in page.headings}, target


def test_every_page_is_in_the_index():
    assert {page.name for page in shelf.pages()} == {path.stem for path in PAGES} - {shelf.INDEX}


@pytest.mark.parametrize("beginning", TOPICS)
def test_topic_names_screens_and_a_part_of_the_guide_that_exist(beginning):
    names = {str(name) for name in get_resolver().reverse_dict if isinstance(name, str)}
    page, _hash, anchor = TOPICS[beginning].partition("#")
    found = shelf.page_named(page)

    assert any(name.startswith(beginning) for name in names)
    assert found is not None
    assert not anchor or anchor in {heading.anchor for heading in found.headings}


def test_topic_of_the_longest_beginning_wins():
    assert topic_of("plan_dashboard") == TOPICS["plan_dashboard"]
    assert topic_of("plan_page") == TOPICS["plan_"]
    assert topic_of("healthz") == ""


def test_anchor_of_a_heading_has_no_diacritics():
    assert anchor_of("Đọc kế hoạch từ tệp") == "doc-ke-hoach-tu-tep"


@pytest.mark.django_db
def test_guide_shows_a_page_finds_headings_and_refuses_other_files(client_for, people):
    client = client_for(people.stranger)

    assert "Ai đọc trang nào" in client.get("/huong-dan/").content.decode()
    assert "Kiểm phiếu" in client.get("/huong-dan/hoi-dong/").content.decode()
    assert "#phien-hop-va-kiem-phieu" in client.get("/huong-dan/?q=KIEM phieu").content.decode()
    assert client.get("/huong-dan/khong-co/").status_code == 404
    assert client.get("/huong-dan/hinh/..%2FREADME.md").status_code == 404
