"""Resolves what a Word file means by a paragraph or a run: its settings, styles and their ancestors, defaults, theme.

Word writes only differences; this gives the effective font, size, weight, slant, alignment, indents and spacing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml import etree

_TWIPS_PER_MM = 1440 / 25.4
_OFF = ("0", "false", "off", "none")
_THEME_NAMESPACE = {"a": "http://schemas.openxmlformats.org/drawingml/2006/main"}
_WORDS_OWN_SIZE_PT = 10.0  # what Word uses when nothing says a size


@dataclass(frozen=True)
class TextRun:
    """A piece of text with its effective look. size in points; colour "auto" or six hexadecimal digits."""

    text: str
    fonts: frozenset[str]
    size: float
    bold: bool
    italic: bool
    underline: bool
    colour: str


@dataclass(frozen=True)
class ParagraphShape:
    """Effective shape: alignment (left, center, right, both), millimetres, points, and line spacing.

    line_multiple is the spacing in lines when the rule is a multiple, else None; line_pt when it is a fixed height.
    """

    align: str
    first_line_mm: float
    left_mm: float
    right_mm: float
    before_pt: float
    after_pt: float
    line_multiple: float | None
    line_pt: float | None
    has_bottom_border: bool


@dataclass
class StyleSheet:
    """The styles of one document, resolved on demand."""

    document: WordDocument
    _chains: dict[str, list[etree._Element]] = field(default_factory=dict)
    _elements: dict[str, etree._Element] = field(default_factory=dict)
    _theme: dict[str, str] = field(default_factory=dict)
    _default_paragraph: str = ""

    def __post_init__(self) -> None:
        for element in self.document.styles.element.findall(qn("w:style")):
            identifier = element.get(qn("w:styleId"), "")
            self._elements[identifier] = element
            if element.get(qn("w:type")) == "paragraph" and element.get(qn("w:default")) in ("1", "true", "on"):
                self._default_paragraph = identifier
        self._theme = _theme_fonts(self.document)

    def paragraph_shape(self, paragraph: etree._Element) -> ParagraphShape:
        """The effective shape of a w:p element."""
        alignment, border = "left", False
        indents: dict[str, str] = {}
        spacing: dict[str, str] = {}
        for properties in self._paragraph_layers(paragraph):
            if (node := properties.find(qn("w:jc"))) is not None:
                alignment = node.get(qn("w:val"), alignment)
            if (node := properties.find(qn("w:ind"))) is not None:
                indents |= _attributes(node)
            if (node := properties.find(qn("w:spacing"))) is not None:
                spacing |= _attributes(node)
            if (node := properties.find(qn("w:pBdr"))) is not None:
                bottom = node.find(qn("w:bottom"))
                border = bottom is not None and bottom.get(qn("w:val"), "single") not in ("nil", "none")
        line, rule = _number(spacing.get("line", "240")), spacing.get("lineRule", "auto")
        first_line = -_number(indents["hanging"]) if "hanging" in indents else _number(indents.get("firstLine", "0"))
        return ParagraphShape(
            align={"start": "left", "end": "right", "distribute": "both"}.get(alignment, alignment),
            first_line_mm=first_line / _TWIPS_PER_MM,
            left_mm=_number(indents.get("left", indents.get("start", "0"))) / _TWIPS_PER_MM,
            right_mm=_number(indents.get("right", indents.get("end", "0"))) / _TWIPS_PER_MM,
            before_pt=_gap(spacing, "before"),
            after_pt=_gap(spacing, "after"),
            line_multiple=line / 240 if rule == "auto" else None,
            line_pt=line / 20 if rule != "auto" else None,
            has_bottom_border=border,
        )

    def runs(self, paragraph: etree._Element) -> tuple[TextRun, ...]:
        """The visible runs of a w:p element, in order; text in text boxes and deleted text is left out."""
        base = self._run_settings([self._style_properties(paragraph, "w:pPr/w:pStyle", self._default_paragraph)])
        runs = []
        for run in _visible_runs(paragraph):
            text = _text_of(run)
            if text:
                runs.append(self._resolve(run, base, text))
        return tuple(runs)

    def _resolve(self, run: etree._Element, base: dict[str, Any], text: str) -> TextRun:
        named = self._run_settings([self._style_properties(run, "w:rPr/w:rStyle", "")], with_defaults=False)
        direct = self._run_settings([[run]], with_defaults=False)
        merged = base | named | direct
        for toggle in ("b", "i", "caps"):
            # A toggle that is on in both the paragraph's and the character's style is off (ECMA-376, 17.7.3).
            if toggle not in direct and base.get(toggle) and named.get(toggle):
                merged[toggle] = False
        fonts = {merged[key] for key in ("ascii", "hAnsi") if merged.get(key)}
        return TextRun(
            text=text.upper() if merged.get("caps") else text,
            fonts=frozenset(fonts),
            size=merged.get("sz", _WORDS_OWN_SIZE_PT),
            bold=bool(merged.get("b")),
            italic=bool(merged.get("i")),
            underline=bool(merged.get("u")),
            colour=merged.get("color", "auto"),
        )

    def _run_settings(self, layers: list[list[etree._Element]], *, with_defaults: bool = True) -> dict[str, Any]:
        settings: dict[str, Any] = {}
        if with_defaults:
            defaults = self.document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}")
            if defaults is not None:
                settings |= self._settings_in(defaults)
        for layer in layers:
            for element in layer:
                settings |= self._settings_in(element)
        return settings

    def _settings_in(self, element: etree._Element) -> dict[str, Any]:
        properties = element.find(qn("w:rPr"))
        if properties is None:
            return {}
        found: dict[str, Any] = {}
        for node in properties:
            name = etree.QName(node).localname
            if name == "rFonts":
                found |= self._fonts_in(node)
            elif name in ("b", "i", "caps"):
                found[name] = node.get(qn("w:val"), "1") not in _OFF
            elif name == "u":
                found["u"] = node.get(qn("w:val"), "single") not in _OFF
            elif name == "sz":
                found["sz"] = _number(node.get(qn("w:val"), "20")) / 2
            elif name == "color":
                found["color"] = node.get(qn("w:val"), "auto")
        return found

    def _fonts_in(self, node: etree._Element) -> dict[str, str]:
        fonts = {}
        for slot in ("ascii", "hAnsi"):
            if theme := node.get(qn(f"w:{slot}Theme")):
                fonts[slot] = self._theme.get("major" if theme.startswith("major") else "minor", theme)
            elif name := node.get(qn(f"w:{slot}")):
                fonts[slot] = name
        return fonts

    def _style_properties(self, element: etree._Element, path: str, default: str) -> list[etree._Element]:
        node = element.find("/".join(qn(step) for step in path.split("/")))
        return self._chain(node.get(qn("w:val"), default) if node is not None else default)

    def _paragraph_layers(self, paragraph: etree._Element) -> Iterator[etree._Element]:
        """Every w:pPr that bears on the paragraph, weakest first."""
        defaults = self.document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:pPrDefault')}")
        sources = [*self._style_properties(paragraph, "w:pPr/w:pStyle", self._default_paragraph), paragraph]
        for source in [*([defaults] if defaults is not None else []), *sources]:
            properties = source.find(qn("w:pPr"))
            if properties is not None:
                yield properties

    def _chain(self, identifier: str) -> list[etree._Element]:
        """The style and its ancestors, the oldest first; a circle is cut."""
        if identifier not in self._chains:
            chain: list[etree._Element] = []
            current = identifier
            while current in self._elements and self._elements[current] not in chain:
                chain.insert(0, self._elements[current])
                parent = self._elements[current].find(qn("w:basedOn"))
                current = parent.get(qn("w:val"), "") if parent is not None else ""
            self._chains[identifier] = chain
        return self._chains[identifier]

    def table_is_ruled(self, table: etree._Element) -> bool:
        """True when the table draws lines, by its own settings, its style or its cells."""
        borders = list(table.iter(qn("w:tblBorders"), qn("w:tcBorders")))
        style = table.find(f"{qn('w:tblPr')}/{qn('w:tblStyle')}")
        if style is not None and table.find(f"{qn('w:tblPr')}/{qn('w:tblBorders')}") is None:
            for element in self._chain(style.get(qn("w:val"), "")):
                borders += element.iter(qn("w:tblBorders"))
        return any(line.get(qn("w:val"), "nil") not in ("nil", "none") for node in borders for line in node)


def _visible_runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    hidden = (qn("w:txbxContent"), qn("w:del"), qn("w:moveFrom"))
    for run in paragraph.iter(qn("w:r")):
        ancestor = run.getparent()
        while ancestor is not paragraph and ancestor.tag not in hidden:
            ancestor = ancestor.getparent()
        if ancestor is paragraph:
            yield run


def _text_of(run: etree._Element) -> str:
    parts = []
    for node in run:
        name = etree.QName(node).localname
        if name == "t":
            parts.append(node.text or "")
        elif name == "tab":
            parts.append("\t")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
    return "".join(parts)


def _theme_fonts(document: WordDocument) -> dict[str, str]:
    try:
        theme = etree.fromstring(document.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    except (KeyError, etree.XMLSyntaxError):
        return {}
    fonts = {}
    for kind in ("major", "minor"):
        for latin in theme.iterfind(f".//a:{kind}Font/a:latin", _THEME_NAMESPACE):
            fonts[kind] = latin.get("typeface", "")
    return fonts


def _attributes(node: etree._Element) -> dict[str, str]:
    return {etree.QName(name).localname: value for name, value in node.attrib.items()}


def _gap(spacing: dict[str, str], side: str) -> float:
    """Points before or after; automatic spacing is 14 points in Word."""
    if spacing.get(f"{side}Autospacing", "0") not in _OFF:
        return 14.0
    return _number(spacing.get(side, "0")) / 20


def _number(text: str) -> float:
    """A measure in Word's own units; some writers add "pt" or leave junk, which counts as nothing."""
    try:
        return float(text.removesuffix("pt")) * (20 if text.endswith("pt") else 1)
    except ValueError:
        return 0.0
