"""Sections and step tables as one types them: "# Heading" lines with paragraphs, and one step per line with bars."""

from collections.abc import Iterable, Mapping, Sequence

COLUMNS = ("who", "what", "time", "form", "output")


def print_sections(sections: Iterable[Mapping[str, str]]) -> str:
    """Sections as text: "# title", then the body, a blank line between sections."""
    return "\n\n".join(f"# {item['title']}\n{item['body']}".rstrip() for item in sections)


def parse_sections(text: str) -> list[dict[str, str]]:
    """Text to sections. Text before the first heading makes a section called "Nội dung"; empty text makes none."""
    found: list[dict[str, str]] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith("# ") and line[2:].strip():
            found.append({"title": line[2:].strip(), "body": ""})
        elif found:
            found[-1]["body"] += f"{line}\n"
        elif line.strip():
            found.append({"title": "Nội dung", "body": f"{line}\n"})
    return [{"title": item["title"], "body": item["body"].strip()} for item in found]


def print_steps(steps: Iterable[Mapping[str, str]]) -> str:
    """One line per step: who | what | time | form | output."""
    return "\n".join(" | ".join(str(step.get(name, "")) for name in COLUMNS).rstrip(" |") for step in steps)


def parse_steps(text: str) -> list[dict[str, str]]:
    """Lines to steps; cells left out are empty. Raises ValueError naming the first line without who or what."""
    found = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        if not line.strip():
            continue
        cells: Sequence[str] = [cell.strip() for cell in line.split("|")]
        if len(cells) < 2 or not cells[0] or not cells[1] or len(cells) > len(COLUMNS):
            raise ValueError(number)
        found.append({name: cells[index] if index < len(cells) else "" for index, name in enumerate(COLUMNS)})
    return found
