"""The whole shell: every state has a tone, the menu fits the roles, templates keep to the Content-Security-Policy."""

import dataclasses
import re
from pathlib import Path

import pytest
from django.apps import apps

from khcn.kernel.orgs.tests.cast import Cast
from khcn.lib.labelled import Labelled
from khcn.site.navigation import navigation_for, pages_for
from khcn.web.fields import EnumField
from khcn.web.tones import has_tones, is_toned

SOURCE = Path(__file__).parents[2]
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
#: What a strict policy refuses: inline styles and scripts, handlers in attributes, evaluated attributes of htmx.
FORBIDDEN = re.compile(
    r"""\sstyle\s*=|<style\b|\son[a-z]+\s*=\s*["']|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:|hx-on|hx-vals=["']js:""",
    re.IGNORECASE,
)


def state_enums() -> list[type[Labelled]]:
    found = {
        field.enum
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, EnumField) and field.enum is not None
    }
    return sorted((enum for enum in found if enum.__name__.endswith(("State", "Status"))), key=lambda one: one.__name__)


@pytest.mark.parametrize("enum", state_enums(), ids=lambda enum: enum.__name__)
def test_every_state_has_a_tone(enum):
    assert has_tones(enum.__name__), f"{enum.__name__} needs lines in khcn/web/tones.py"
    assert [member.value for member in enum if not is_toned(enum.__name__, member.value)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_template_keeps_to_the_content_security_policy(template):
    body = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template.read_text("utf-8"), flags=re.DOTALL)

    assert FORBIDDEN.findall(body) == []


def test_static_files_name_no_foreign_address():
    foreign = [
        (file.name, address)
        for file in SOURCE.rglob("static/khcn/**/*")
        if file.suffix in {".js", ".css", ".svg"}
        for address in re.findall(r"https?://[^\s\"')]+", file.read_text("utf-8"))
        if not address.startswith("http://www.w3.org/")
    ]

    assert foreign == []


def titles(member, path="/"):
    return {item.title: item for section in navigation_for(member.actor, path) for item in section.items}


def test_menu_shows_each_role_its_pages(people):
    assert "Tài khoản và chức vụ" in titles(people.sysadmin)
    assert "Tài khoản và chức vụ" not in titles(people.director)
    assert "Rà soát tài khoản" in titles(people.inspector)
    assert "Kinh phí" not in titles(people.stranger)
    assert "Kinh phí" in titles(people.accountant)


def test_menu_marks_the_nearest_page_only(people):
    current = [title for title, item in titles(people.sysadmin, "/he-thong/tai-khoan/moi/").items() if item.is_current]

    assert current == ["Tài khoản và chức vụ"]
    assert [title for title, item in titles(people.host, "/").items() if item.is_current] == ["Việc chờ tôi"]


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(Cast)])
def test_every_page_of_the_menu_opens_for_the_role_that_sees_it(client_for, people, name):
    member = getattr(people, name)
    client = client_for(member)

    answers = {item.address: client.get(item.address, follow=True).status_code for item in pages_for(member.actor)}

    assert {address: status for address, status in answers.items() if status != 200} == {}


def test_home_costs_few_statements(client_for, people, sql_count):
    client = client_for(people.specialist)
    client.get("/")

    with sql_count() as queries:
        client.get("/")

    assert len(queries) <= 15, [query["sql"][:90] for query in queries.captured_queries]


def test_partial_for_htmx_draws_no_shell_and_filters_get_the_whole_page(client_for, people):
    client = client_for(people.specialist)

    part = client.get("/hop-thu/", headers={"HX-Request": "true"}).content.decode()
    whole = client.get("/hop-thu/", headers={"HX-Request": "true", "X-Khcn-Whole": "1"}).content.decode()

    assert "<html" not in part
    assert 'id="inbox-list"' in part
    assert "<html" in whole
