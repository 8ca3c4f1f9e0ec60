"""Pytest plugin: takes up what earlier sessions of `./khcn test` found, so that the last line counts everything.

A file `*.layers.json` lists the layers: {"name", "junit", "exit"} for one that ran, {"name", "skipped"} for one that
could not. Each test case in the JUnit file becomes an item with the outcome it had; a session that ended badly without
a failed case is a failed item of its own, and a layer that did not run is a skipped one with its reason.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree

ENDED_WELL = 0


class LayersFile(pytest.File):
    """The list of layers."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item per test case of every layer."""
        for layer in json.loads(self.path.read_text("utf-8")):
            name = layer["name"]
            if "skipped" in layer:
                yield EarlierCase.from_parent(self, name=f"{name}::layer", outcome="skipped", text=layer["skipped"])
                continue
            yield from self._cases(name, Path(layer["junit"]), layer["exit"])

    def _cases(self, layer: str, junit: Path, code: int) -> Iterator[pytest.Item]:
        cases = list(ElementTree.parse(junit).iter("testcase")) if junit.exists() else []
        failed = 0
        for case in cases:
            outcome, text = "passed", ""
            for child in case:
                if child.tag in {"failure", "error"}:
                    outcome, text = "failed", child.text or child.get("message", "")
                elif child.tag == "skipped" and outcome == "passed":
                    outcome, text = "skipped", child.get("message", "")
            failed += outcome == "failed"
            name = f"{layer}::{case.get('classname')}::{case.get('name')}"
            yield EarlierCase.from_parent(self, name=name, outcome=outcome, text=text)
        if code != ENDED_WELL and not failed:
            text = f"The session of layer {layer} ended with exit code {code} and {len(cases)} cases."
            yield EarlierCase.from_parent(self, name=f"{layer}::session", outcome="failed", text=text)


class EarlierFailure(Exception):
    """Carries the text of a failure that an earlier session printed."""


class EarlierCase(pytest.Item):
    """One test case of an earlier session, with the outcome it had there."""

    def __init__(self, *, outcome: str, text: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.outcome = outcome
        self.text = text

    def runtest(self) -> None:
        """Has the outcome again."""
        if self.outcome == "skipped":
            pytest.skip(f"{self.name}: {self.text}")
        if self.outcome == "failed":
            raise EarlierFailure(self.text)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The earlier session's text, without a traceback through this file."""
        return self.text if isinstance(excinfo.value, EarlierFailure) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, None, str]:
        """What the summary shows."""
        return self.path, None, self.name


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> LayersFile | None:
    """Takes the list of layers where it is given on the command line."""
    return LayersFile.from_parent(parent, path=file_path) if file_path.name.endswith(".layers.json") else None
