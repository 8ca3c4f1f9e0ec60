"""On PostgreSQL, TRUNCATE passes by row triggers: refuse it too. SQLite has no such statement."""

from django.db import migrations


def protect(apps, editor):
    """Create the statement trigger where the database has TRUNCATE."""
    if editor.connection.vendor == "postgresql":
        editor.execute(
            "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_auditentry "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
        )


def release(apps, editor):
    """Drop it."""
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP TRIGGER audit_no_truncate ON audit_auditentry")


class Migration(migrations.Migration):
    """One more trigger."""

    dependencies = [("audit", "0002_append_only")]
    operations = [migrations.RunPython(protect, release)]
