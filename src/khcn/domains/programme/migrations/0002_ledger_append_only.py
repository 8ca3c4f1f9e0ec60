"""Makes the ledger of money append-only in the database itself, whatever code runs."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'ledger entries are append-only'; END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON programme_ledgerentry
FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""
SQLITE = (
    "CREATE TRIGGER ledger_no_update BEFORE UPDATE ON programme_ledgerentry "
    "BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END",
    "CREATE TRIGGER ledger_no_delete BEFORE DELETE ON programme_ledgerentry "
    "BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END",
)


def protect(apps, editor):
    """Create the triggers for the database at hand."""
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRESQL)
    else:
        for statement in SQLITE:
            editor.execute(statement)


def release(apps, editor):
    """Drop the triggers."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER ledger_append_only ON programme_ledgerentry; DROP FUNCTION ledger_append_only()")
    else:
        editor.execute("DROP TRIGGER ledger_no_update")
        editor.execute("DROP TRIGGER ledger_no_delete")


class Migration(migrations.Migration):
    """Triggers against change and removal."""

    dependencies = [("programme", "0001_initial")]
    operations = [migrations.RunPython(protect, release)]
