"""What templates must not say: things that a component takes without complaint and never shows."""

import re
from pathlib import Path

#: An attribute that begins with a colon is looked up as a variable; a comparison there is quietly nothing at all.
COMPARED = re.compile(r"""\s:[a-z_]+=(["'])(?:(?!\1)[^{])*?(?:==|!=|[<>]|\b(?:and|or|not)\b)(?:(?!\1).)*\1""")


def test_components_are_handed_variables_not_comparisons(house: Path) -> None:
    wrong = [
        f"{path.relative_to(house)}: {found[0].strip()}"
        for path in (house / "src").rglob("*.html")
        for found in COMPARED.finditer(path.read_text("utf-8"))
    ]

    assert not wrong, 'write name="{% if … %}1{% endif %}" instead:\n' + "\n".join(wrong)


def test_comparisons_in_attributes_are_recognised() -> None:
    assert COMPARED.search("""<c-tab :current="chosen == 'qua'">""")
    assert COMPARED.search("""<c-tab href="#" :current="not chosen">""")
    assert not COMPARED.search("""<c-tab :current="True" :page="page" current="{% if a == b %}1{% endif %}">""")
