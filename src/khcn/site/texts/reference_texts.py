"""Collects what reference data calls its rows: deadlines, rule sets, forms, indicators, procedures.

Titles of legal documents, names of agencies and excerpts of the law are quoted, so they are not collected.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from khcn.site.texts.entry import Text

#: File below data/reference to its app (below src/khcn) and the columns that people read.
SPOKEN = {
    "rules/clocks.csv": ("domains/programme", ("title", "consequence", "start_event")),
    "rules/rule_sets.csv": ("domains/programme", ("title",)),
    "rules/form_templates.csv": ("domains/programme", ("title",)),
    "rules/cost_norms.csv": ("domains/programme", ("unit",)),
    "rules/treasury_papers.csv": ("domains/programme", ("title", "copy", "note")),
    "indicators/indicators.csv": ("domains/programme", ("name", "unit")),
    "onestop/paper_forms.csv": ("domains/onestop", ("title",)),
    "onestop/index_weights.csv": ("domains/onestop", ("title",)),
    "procedures/procedures.csv": ("domains/programme", ("title", "purpose", "decision")),
    "procedures/steps.csv": ("domains/programme", ("name", "output")),
    "marks/procedures.csv": ("domains/marks", ("title", "purpose", "decision")),
    "marks/steps.csv": ("domains/marks", ("name", "output")),
    "warnings/duties.csv": ("domains/warnings", ("post", "act")),
    "hazards/risk_tables.csv": ("domains/hazards", ("name",)),
    "hazards/properties.csv": ("domains/hazards", ("name",)),
    "traceability/boxes.csv": ("domains/traceability", ("label", "options")),
    "traceability/templates.csv": ("domains/traceability", ("title",)),
    "traceability/profile_items.csv": ("domains/traceability", ("title", "advice")),
}


def texts_of(reference: Path) -> Iterator[tuple[str, str, Text]]:
    """Yield (app, file, text) for every read cell below the folder `data/reference`, repeated as it occurs."""
    for name, (app, columns) in SPOKEN.items():
        with (reference / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                for column in columns:
                    # Choices stand in one cell, each a text of its own.
                    parts = row[column].split("; ") if column == "options" else [row[column]]
                    yield from ((app, name, Text(part)) for part in parts if part.strip("% "))
