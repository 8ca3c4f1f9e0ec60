"""Text functions of the database that know Vietnamese: lower case, and letters without their marks, alike on both."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

from khcn.lib.text import MARKED_LETTERS, PLAIN_LETTERS, without_marks


class LowerText(Func):
    """The text in lower case, Vietnamese capitals too."""

    function = "LOWER"
    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite's own LOWER knows only ASCII."""
        return self.as_sql(compiler, connection, function="khcn_lower", **more)


class PlainText(Func):
    """The text without the marks of Vietnamese letters, case kept."""

    arity = 1
    output_field = TextField()
    template = f"TRANSLATE(%(expressions)s, '{MARKED_LETTERS}', '{PLAIN_LETTERS}')"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """SQLite has no TRANSLATE."""
        return self.as_sql(compiler, connection, template="khcn_plain(%(expressions)s)", **more)


def register_text_functions(sender: Any, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Give a new SQLite connection the text functions; PostgreSQL has its own."""
    if connection.vendor == "sqlite":
        create = connection.connection.create_function
        create("khcn_lower", 1, lambda text: None if text is None else str(text).lower(), deterministic=True)
        create("khcn_plain", 1, lambda text: None if text is None else without_marks(str(text)), deterministic=True)
