"""The invented province of the procedure benchmark: agencies with quality systems, and years of dossiers put in bulk.

Rows go in by COPY on PostgreSQL and by prepared statements in large transactions on SQLite. A tenth of the dossiers is
open, a fifth of all belongs to the first agency, a tenth was asked for a supplement, a twentieth ended late.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any
from uuid import UUID

from khcn.kernel.procedures.choices import StepKind
from khcn.kernel.procedures.engine.definition import Definition, Flow, Step
from khcn.standards.bpmn import Shape, Wire, build

AGENCIES = 230
RUNS_A_DOSSIER = 8
OPEN_EVERY = 10
FIRST_KEY = 1_000_000
START = datetime(2025, 1, 2, 1, tzinfo=UTC)
MINUTES_OF_A_YEAR = 500_000
BATCH = 5_000
_TAGS = {
    StepKind.START: "startEvent", StepKind.END: "endEvent", StepKind.HUMAN: "userTask",
    StepKind.DECISION: "exclusiveGateway", StepKind.FORK: "parallelGateway", StepKind.JOIN: "parallelGateway",
}  # fmt: skip


def permit_steps() -> Definition:
    """A permit of eight steps: two opinions in parallel for large sums, a head who may send the draft back."""
    people = [f"b{n}" for n in range(1, 9)]
    steps = [Step("s", "Bắt đầu", StepKind.START)]
    steps += [Step(key, f"Bước {key}", StepKind.HUMAN, "specialist", norm=Decimal(8)) for key in people]
    steps += [
        Step("lon", "Số tiền lớn?", StepKind.DECISION), Step("chia", "Hỏi ý kiến", StepKind.FORK),
        Step("gop", "Đủ ý kiến", StepKind.JOIN), Step("vao", "Vào dự thảo", StepKind.DECISION),
        Step("lai", "Sửa lại?", StepKind.DECISION), Step("e", "Xong", StepKind.END),
    ]  # fmt: skip
    ways = [
        ("s", "b1"), ("b1", "b2"), ("b2", "lon"), ("lon", "chia", "so_tien > 50000000"), ("lon", "vao", ""),
        ("chia", "b3"), ("chia", "b4"), ("b3", "gop"), ("b4", "gop"), ("gop", "vao"), ("vao", "b5"), ("b5", "b6"),
        ("b6", "lai"), ("lai", "vao", "can_sua > 0"), ("lai", "b7", ""), ("b7", "b8"), ("b8", "e"),
    ]  # fmt: skip
    flows = [
        Flow(f"f{n}", way[0], way[1], way[2] if len(way) > 2 else "", default=len(way) > 2 and not way[2])
        for n, way in enumerate(ways)
    ]
    return Definition(tuple(steps), tuple(flows), facts={"so_tien": "number", "can_sua": "number"})


def permit_drawing() -> bytes:
    """The same procedure as a drawing; its conditions read alike in our grammar and in Python."""
    made = permit_steps()
    shapes = [Shape(step.key, _TAGS[step.kind], step.name) for step in made.steps]
    wires = [Wire(f.key, f.source, f.target, condition=f.guard, is_default=f.default) for f in made.flows]
    return build(process="p", name="p", shapes=shapes, wires=wires)


def facts_of_a_permit() -> dict[str, Any]:
    """What a form of twenty fields says; numbers are whole."""
    texts = {f"truong_{n}": f"Nội dung kê khai thứ {n}, đường Trần Hưng Đạo, phường Tân Phú" for n in range(18)}
    return {**texts, "so_tien": 90_000_000, "can_sua": 1}


@dataclass
class Province:
    """Agencies with their quality systems, a clerk at the first one, a procedure in force, its administrative twin."""

    agencies: list[Any] = field(default_factory=list)
    clerk: Any = None
    version: Any = None
    procedure: Any = None

    def settle(self) -> Province:
        """Write the rows that everything else hangs on."""
        from khcn.domains.onestop.models import AdministrativeProcedure
        from khcn.domains.qms.models import QualitySystem
        from khcn.kernel.orgs.choices import OrganisationKind, OrganisationLevel
        from khcn.kernel.orgs.models import Organisation
        from khcn.kernel.orgs.tests.cast import make_member
        from khcn.kernel.procedures.choices import ProcedureKind
        from khcn.kernel.procedures.services import install_procedure
        from khcn.lib.roles import Role

        self.agencies = Organisation.objects.bulk_create(
            Organisation(
                code=f"BENCH{n:04d}", name=f"Cơ quan {n}", folded=f"co quan {n}", sort_key=f"{n:04d}",
                kind=OrganisationKind.STATE, level=OrganisationLevel.PROVINCE,
            )
            for n in range(AGENCIES)
        )  # fmt: skip
        QualitySystem.objects.bulk_create(
            QualitySystem(organisation=agency, started_on=date(2024, 1, 2)) for agency in self.agencies
        )
        self.clerk = make_member(Role.SPECIALIST, Role.ONE_STOP, organisation=self.agencies[0])
        head = make_member(Role.DIRECTOR, organisation=self.agencies[0])
        self.version = install_procedure(
            by=self.clerk.actor, approver=head.actor, code="BENCH", title="Đo", definition=permit_steps(),
            kind=ProcedureKind.TTHC, effective_from=date(2020, 1, 1), owner=self.agencies[0],
        )  # fmt: skip
        self.procedure = AdministrativeProcedure.objects.create(
            code="1.000001",
            title="Cấp giấy phép đo",
            field="Đo lường",
            deciding=self.agencies[0],
            limit_amount=5,
            workflow=self.version.procedure,
            valid_from=date(2020, 1, 1),
            result_title="Giấy phép",
        )
        return self


class Rows:
    """The rows of dossiers number `first` to `last`, table by table, as tuples of the named columns."""

    CASES = (
        "id", "uid", "version", "created_at", "updated_at", "code", "title", "version_pinned_id", "subject_type",
        "subject_uid", "url", "applicant_name", "receiving_id", "deciding_id", "state", "outcome", "facts",
        "limit_amount", "limit_unit", "received_at", "due_at", "due_fixed", "ended_at", "head", "events_count",
        "is_illustration", "folded",
    )  # fmt: skip
    RUNS = (
        "uid", "case_id", "step_key", "name", "kind", "state", "via", "role", "organisation_id", "ready_at", "due_at",
        "done_at", "done_by_id", "outcome", "note", "message", "overdue_told",
    )  # fmt: skip
    DOSSIERS = (
        "id", "uid", "version", "created_at", "updated_at", "tracking", "code", "procedure_id", "case_id", "channel",
        "status", "finance", "delivery", "sync", "applicant_kind", "applicant_name", "applicant_id",
        "applicant_phone", "applicant_email", "applicant_address", "represented_by", "form_values", "receiving_id",
        "deciding_id", "submitted_at", "received_at", "received_by_id", "appointment_at", "decided_at", "ended_at",
        "return_method", "return_address", "handed_to", "intake_note", "is_illustration", "folded",
        "papers_received",
    )  # fmt: skip
    HISTORY = ("dossier_id", "event", "status", "at", "by_id", "by_name", "note")

    def __init__(self, province: Province, first: int, last: int) -> None:
        self.province = province
        self.numbers = range(first, last)
        self.clerk = province.clerk.user.pk
        self.keys = [agency.pk for agency in province.agencies]

    def agency(self, n: int) -> int:
        """A fifth of the dossiers at the first agency, the others spread."""
        return self.keys[0] if n % 5 == 0 else self.keys[n % AGENCIES]

    @staticmethod
    def moments(n: int) -> tuple[datetime, datetime, datetime | None]:
        """Received, due, ended (None while open); a twentieth ends late."""
        at = START + timedelta(minutes=n * 7919 % MINUTES_OF_A_YEAR)
        is_open = n // 5 % OPEN_EVERY == 3
        return at, at + timedelta(days=5), None if is_open else at + timedelta(days=6 if n % 20 == 1 else 3)

    def uid(self, kind: int, n: int) -> UUID:
        """A key for the outside that is the same in every run."""
        return UUID(int=(kind << 120) | n)

    def cases(self) -> Iterator[tuple[Any, ...]]:
        """One for each dossier."""
        label, version = "onestop.dossier", self.province.version.pk
        for n in self.numbers:
            at, due, ended = self.moments(n)
            agency, code = self.agency(n), f"B-{n:08d}"
            yield (
                FIRST_KEY + n, self.uid(1, n), 9, at, ended or at, code, f"Hồ sơ đo thứ {n}", version, label,
                self.uid(3, n), "", f"Người nộp {n}", agency, agency, "running" if ended is None else "ended", "", "{}",
                Decimal(5), "WD", at, due, False, ended, "", 0, False, f"b-{n:08d} ho so do thu {n} nguoi nop {n}",
            )  # fmt: skip

    def runs(self) -> Iterator[tuple[Any, ...]]:
        """Eight for each dossier; of an open one the last waits for somebody."""
        for n in self.numbers:
            at, _due, ended = self.moments(n)
            agency = self.agency(n)
            for place in range(RUNS_A_DOSSIER):
                live = ended is None and place == RUNS_A_DOSSIER - 1
                ready = at + timedelta(hours=place)
                done = None if live else ready + timedelta(minutes=50)
                yield (
                    self.uid(2, n * RUNS_A_DOSSIER + place), FIRST_KEY + n, f"b{place + 1}", f"Bước {place + 1}",
                    "human", "ready" if live else "done", "", "specialist", agency, ready,
                    ready + timedelta(minutes=40 if n % 25 == place else 480), done, None if live else self.clerk, "",
                    "", "", False,
                )  # fmt: skip

    def dossiers(self) -> Iterator[tuple[Any, ...]]:
        """The one-stop side of each case."""
        procedure = self.province.procedure.pk
        for n in self.numbers:
            at, due, ended = self.moments(n)
            agency = self.agency(n)
            yield (
                FIRST_KEY + n, self.uid(3, n), 5, at, ended or at, f"T{n:010d}", f"H10-{n:09d}", procedure,
                FIRST_KEY + n, "2" if n % 2 else "1", "in_progress" if ended is None else "decided", "none",
                "not_ready" if ended is None else "ready", "sent", "citizen", f"Người nộp {n}", "", "", "", "", "",
                "{}", agency, agency, at, at, self.clerk, due, ended, None, "counter", "", "", "", False,
                f"h10-{n:09d} t{n:010d} nguoi nop {n}", "[]",
            )  # fmt: skip

    def history(self) -> Iterator[tuple[Any, ...]]:
        """Three or four statuses for each dossier, two more where a supplement was asked for."""
        for n in self.numbers:
            at, _due, ended = self.moments(n)
            told = [("submit", "submitted", at), ("accept", "accepted", at), ("start", "in_progress", at)]
            if n % 10 == 7:
                asked = at + timedelta(days=1)
                told += [("ask", "awaiting_supplement", asked), ("supply", "in_progress", asked + timedelta(days=1))]
            if ended is not None:
                told.append(("decide", "decided", ended))
            for event, status, moment in told:
                yield FIRST_KEY + n, event, status, moment, self.clerk, "Cán bộ", ""


def fill(province: Province, first: int, last: int) -> dict[str, int]:
    """Put dossiers `first` to `last` into the tables; how many rows of each."""
    from django.db import connection

    from khcn.domains.onestop.models import Dossier, StatusRecord
    from khcn.kernel.procedures.models import Case, StepRun

    rows = Rows(province, first, last)
    plan = [
        (Case, Rows.CASES, rows.cases()), (StepRun, Rows.RUNS, rows.runs()), (Dossier, Rows.DOSSIERS, rows.dossiers()),
        (StatusRecord, Rows.HISTORY, rows.history()),
    ]  # fmt: skip
    put = _copy if connection.vendor == "postgresql" else _execute
    with _without_indexes([model._meta.db_table for model, _columns, _rows in plan]):
        found = {model._meta.db_table: put(model, columns, source) for model, columns, source in plan}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in found:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"  # noqa: S608
                )
        cursor.execute("ANALYZE")
    return found


def _copy(model: Any, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> int:
    """COPY … FROM STDIN, row by row from the generator."""
    from django.db import connection

    number = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {model._meta.db_table} ({', '.join(columns)}) FROM STDIN") as sink,
    ):
        for row in rows:
            sink.write_row(row)
            number += 1
    return number


def _execute(model: Any, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> int:
    """One statement for many rows, a transaction for each batch; values through the fields' own conversions."""
    from django.db import connection, transaction

    by_column = {one.column: one for one in model._meta.concrete_fields}
    fields = [by_column[name] for name in columns]
    is_json = [one.get_internal_type() == "JSONField" for one in fields]
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
    number = 0
    while batch := list(islice(rows, BATCH)):
        made = [
            [
                value if as_it_is or value is None else one.get_db_prep_save(value, connection)
                for value, one, as_it_is in zip(row, fields, is_json, strict=True)
            ]
            for row in batch
        ]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(sql, made)
        number += len(batch)
    return number


@contextmanager
def _without_indexes(tables: list[str]) -> Iterator[None]:
    """On PostgreSQL: indexes that hold no constraint are dropped for the load and made again after it."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid::regclass::text = ANY(%s) AND NOT indisunique AND NOT indisprimary",
            [tables],
        )
        found = cursor.fetchall()
        for name, _definition in found:
            cursor.execute(f"DROP INDEX {name}")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # inside a transaction: no index is made while a check waits
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _name, definition in found:
            cursor.execute(definition)
