"""Makes the audit log append-only in the database itself, whatever code runs."""

from django.db import migrations

POSTGRESQL = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
FOR EACH ROW EXECUTE FUNCTION audit_append_only();
"""
SQLITE = (
    "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
    "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_auditentry "
    "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END",
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
        editor.execute("DROP TRIGGER audit_append_only ON audit_auditentry; DROP FUNCTION audit_append_only()")
    else:
        editor.execute("DROP TRIGGER audit_no_update")
        editor.execute("DROP TRIGGER audit_no_delete")


class Migration(migrations.Migration):
    """Triggers against change and removal."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(protect, release)]
