"""What other rooms say of a lot on its public page; they register here through the composition floor."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LotNote:
    """One thing to show beside a lot: a title, a verdict in a word with its tone, sentences, and an address."""

    title: str
    word: str
    tone: str
    sentences: tuple[str, ...] = ()
    address: str = ""


NoteReader = Callable[[str], list[LotNote]]
_readers: list[NoteReader] = []


def register_lot_notes(reader: NoteReader) -> None:
    """Offer notes on lots by their name; registering the same reader twice changes nothing."""
    if reader not in _readers:
        _readers.append(reader)


def notes_on(uri: str) -> list[LotNote]:
    """Everything that is said of a lot."""
    return [note for reader in _readers for note in reader(uri)]
