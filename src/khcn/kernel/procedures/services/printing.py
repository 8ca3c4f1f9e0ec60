"""Prints a case's facts through a Word template that an office uploaded, in a sandbox that reaches nothing else."""

import io
import zipfile
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from khcn.kernel.documents.queries import bytes_of
from khcn.kernel.procedures.engine.definition import Form
from khcn.kernel.procedures.models import Case, FormTemplate
from khcn.kernel.procedures.permissions import require_case_reader
from khcn.kernel.procedures.queries import facts_of, graph_of
from khcn.kernel.procedures.queries.picking import names_in, text_of
from khcn.lib.actor import Actor
from khcn.lib.dates import format_date, format_moment, in_vietnam
from khcn.lib.failure import Refused

#: Letters that one printed value may bring; a template cannot blow a paper up.
VALUE_LIMIT = 20_000


def print_case(*, by: Actor, case: Case, template: FormTemplate) -> bytes:
    """The filled template as .docx. Raises Refused in a sentence when the template does not read, Forbidden.

    A template may use `{{ case.code }}`, `{{ case.title }}`, `{{ case.applicant }}`, `{{ today }}` and each field of
    the form by its key; tables as `{% for row in rows %}`. Jinja's sandbox renders it: only plain values are reached.
    """
    require_case_reader(by, case)
    form = graph_of(case.version_pinned).definition.form(template.form_key) or Form(template.form_key, template.title)
    try:
        document = DocxTemplate(io.BytesIO(bytes_of(template.file)))
        document.render(_context(case, form), jinja_env=ImmutableSandboxedEnvironment(autoescape=True), autoescape=True)
        target = io.BytesIO()
        document.save(target)
    except (TemplateError, ArithmeticError, TypeError, ValueError, KeyError, zipfile.BadZipFile, OSError) as fault:
        raise Refused(
            f"Mẫu in “{template.title}” không điền được: {str(fault)[:200]}. Hãy sửa mẫu rồi tải lại."
        ) from fault
    return target.getvalue()


def _context(case: Case, form: Form) -> dict[str, Any]:
    facts = facts_of(case)
    names = names_in(form.fields, facts)
    values: dict[str, Any] = {}
    for field in form.fields:
        value = facts.get(field.key)
        if field.columns:
            rows = value if isinstance(value, list) else []
            values[field.key] = [
                {column.key: text_of(column, row.get(column.key), names)[:VALUE_LIMIT] for column in field.columns}
                for row in rows
            ]
        else:
            values[field.key] = text_of(field, value, names)[:VALUE_LIMIT]
    return {
        **values,
        "case": {
            "code": case.code, "title": case.title, "applicant": case.applicant_name,
            "received_at": format_moment(case.received_at),
            "due_at": format_moment(case.due_at) if case.due_at else "",
            "organisation": str(case.deciding or ""), "outcome": case.outcome,
        },
        "today": format_date(in_vietnam(case.updated_at).date()),
    }  # fmt: skip
