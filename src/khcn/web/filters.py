"""What the filters of lists share: words typed with or without diacritics, and the choices of an enumeration."""

from typing import Any

import django_filters as df
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from khcn.web.search import matching

ALL = _("Tất cả")


def choices_of(enum: Any) -> list[tuple[str, Any]]:
    """Values and labels of the enumeration, the labels in the reader's language when shown."""
    return [(value, _(label)) for value, label in enum.choices()]


class Folded(df.FilterSet):
    """A list searched by words typed with or without diacritics, in the folded columns named."""

    folded: tuple[str, ...] = ("folded",)
    q = df.CharFilter(label=_("Tìm theo mã, tên"), method="search")

    def search(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Rows in which every word stands in one of the columns."""
        return matching(rows, self.folded, text)
