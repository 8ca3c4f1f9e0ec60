"""A long list whose order and sums are known from a few columns, while the rows shown are read a page at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar, overload

Key = TypeVar("Key")
Row = TypeVar("Row")
READ_AT_ONCE = 500


@dataclass(frozen=True)
class LongList(Sequence[Row], Generic[Key, Row]):
    """Rows in the order of their keys; `read` gives the rows of some keys in a fixed number of queries.

    keys: what order, filters and sums need of each row. Fits a paginator and a file: both take it as a sequence.
    """

    keys: Sequence[Key]
    read: Callable[[Sequence[Key]], list[Row]]

    def where(self, fits: Callable[[Key], bool]) -> "LongList[Key, Row]":
        """The rows whose keys fit, in the same order."""
        return LongList([key for key in self.keys if fits(key)], self.read)

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            wanted = self.keys[place]
            return self.read(wanted) if wanted else []
        return self.read([self.keys[place]])[0]

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self.keys), READ_AT_ONCE):
            yield from self.read(self.keys[start : start + READ_AT_ONCE])
