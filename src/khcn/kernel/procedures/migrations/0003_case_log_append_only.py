"""Makes the log of cases append-only in the database itself, whatever code runs."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION case_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the log of cases is append-only'; END $$;
CREATE TRIGGER case_log_append_only BEFORE UPDATE OR DELETE ON procedures_caseevent
FOR EACH ROW EXECUTE FUNCTION case_log_append_only();
CREATE TRIGGER case_log_no_truncate BEFORE TRUNCATE ON procedures_caseevent
FOR EACH STATEMENT EXECUTE FUNCTION case_log_append_only();
"""
SQLITE = (
    "CREATE TRIGGER case_log_no_update BEFORE UPDATE ON procedures_caseevent "
    "BEGIN SELECT RAISE(ABORT, 'the log of cases is append-only'); END",
    "CREATE TRIGGER case_log_no_delete BEFORE DELETE ON procedures_caseevent "
    "BEGIN SELECT RAISE(ABORT, 'the log of cases is append-only'); END",
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
        editor.execute(
            "DROP TRIGGER case_log_append_only ON procedures_caseevent; "
            "DROP TRIGGER case_log_no_truncate ON procedures_caseevent; DROP FUNCTION case_log_append_only()"
        )
    else:
        editor.execute("DROP TRIGGER case_log_no_update")
        editor.execute("DROP TRIGGER case_log_no_delete")


class Migration(migrations.Migration):
    """Triggers against change, removal and emptying."""

    dependencies = [("procedures", "0002_cases")]
    operations = [migrations.RunPython(protect, release)]
