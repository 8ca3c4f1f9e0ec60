"""What a drawing carries beside its shapes: forms, decision tables and facts, in our own extension of the process."""

from __future__ import annotations

import json

from khcn.kernel.procedures.engine.definition import BadDefinition, Definition, as_plain, from_plain


def write_contents(definition: Definition) -> str:
    """Forms, tables and facts as text; empty when there are none."""
    plain = as_plain(definition)
    kept = {name: plain[name] for name in ("tables", "forms", "facts") if plain[name]}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True) if kept else ""


def read_contents(text: str) -> Definition | None:
    """A definition without steps that holds what write_contents wrote; None when it is absent or does not read."""
    try:
        return from_plain(json.loads(text)) if text else None
    except (ValueError, BadDefinition):
        return None
