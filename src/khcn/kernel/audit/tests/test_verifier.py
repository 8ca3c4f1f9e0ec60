"""The stand-alone verifier agrees with the application and imports nothing of it."""

import ast
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from khcn.kernel.audit.models import AuditEntry
from khcn.kernel.audit.queries import verify_chain

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
SCRIPT = Path(settings.ROOT) / "deploy" / "verify_audit.py"


@pytest.fixture
def source(tmp_path):
    """Where the script finds this test's database: a copy of the memory, or the server's address."""

    def address() -> str:
        if connection.vendor == "postgresql":
            there = connection.settings_dict
            return f"postgresql://{there['USER']}:{there['PASSWORD']}@{there['HOST']}:{there['PORT']}/{there['NAME']}"
        copy = tmp_path / "ban-sao.sqlite3"
        copy.unlink(missing_ok=True)
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
        return str(copy)

    return address


def verify(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-I", str(SCRIPT), *arguments], capture_output=True, text=True, check=False)


def test_script_finds_the_same_head_as_the_application(chain, source):
    done = verify(source())

    assert done.returncode == 0, done.stderr
    assert f"5:{verify_chain().head}" in done.stdout


@pytest.mark.parametrize("field", ["verb", "actor_name", "after", "digest"])
def test_script_finds_a_changed_field(chain, source, past_triggers, field):
    value = {"so": 1} if field == "after" else "0" * 64
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[2].pk).update(**{field: value})

    done = verify(source())

    assert done.returncode == 1
    assert str(chain[2].pk) in done.stderr


def test_script_finds_a_cut_tail_by_the_head_written_down_before(chain, source, past_triggers):
    anchor = f"5:{chain[-1].digest}"
    assert verify(source(), "--anchor", anchor).returncode == 0
    with past_triggers():
        AuditEntry.objects.filter(pk=chain[4].pk).delete()

    assert verify(source()).returncode == 0
    assert verify(source(), "--anchor", anchor).returncode == 1


def test_script_finds_a_chain_written_anew_by_an_earlier_head(chain, source):
    done = verify(source(), "--anchor", "3:" + "0" * 64)

    assert done.returncode == 1
    assert "3 dòng" in done.stderr


def test_script_says_when_there_is_nothing_to_read(tmp_path):
    assert verify(str(tmp_path / "khong-co.sqlite3")).returncode == 2


def test_script_is_short_and_needs_only_the_standard_library_and_psycopg():
    text = SCRIPT.read_text("utf-8")
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).split(".")[0]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }

    assert len(text.splitlines()) <= 120
    assert imported - set(sys.stdlib_module_names) == {"psycopg"}
