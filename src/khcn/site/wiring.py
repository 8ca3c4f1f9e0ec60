"""The only place where rooms that do not know each other are joined: what one keeps goes to the other as values."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from khcn.domains.marks.choices import Outcome
from khcn.domains.marks.queries.chains import LotFacts, TracedLot, register_chain_reader
from khcn.domains.marks.queries.verdicts import verdicts_of
from khcn.domains.marks.rules.verdict import Making, Part
from khcn.domains.traceability.queries.chains import chain_behind
from khcn.domains.traceability.queries.notes import LotNote, register_lot_notes
from khcn.web.wording import said

TONES = {Outcome.CERTAIN: "good", Outcome.POSSIBLE: "", Outcome.NO: "bad"}


def connect() -> None:
    """Give marks the traces of lots, and the pages of lots the verdicts of marks."""
    register_chain_reader(read_chain)
    register_lot_notes(mark_notes)


def read_chain(uri: str) -> TracedLot | None:
    """The chain behind a lot as the room of marks reads it."""
    found = chain_behind(uri)
    if found is None:
        return None
    lots = {
        name: LotFacts(
            lot.uri, lot.code, lot.kg, lot.made_on, lot.party_uri, lot.party, lot.product, lot.site_uri, lot.site,
            lot.commune_id,
        )
        for name, lot in found.lots.items()
    }  # fmt: skip
    makings = tuple(
        Making(tuple(Part(*one) for one in making.inputs), tuple(Part(*one) for one in making.outputs))
        for making in found.makings
    )
    return TracedLot(found.uri, lots, makings, found.is_cut)


def mark_notes(uri: str) -> list[LotNote]:
    """The verdicts of marks on a lot, as its public page shows them."""
    notes = []
    for one in verdicts_of(uri, timezone.localdate()):
        outcome = Outcome(one.verdict.outcome)
        sentences = [said(sentence) for sentence in one.verdict.reasons]
        if one.verdict.share is not None:
            share = f"{one.verdict.share * 100:.0f}"
            sentences.insert(0, gettext("%(share)s%% nguyên liệu từ khu vực địa lý.") % {"share": share})
        if one.use is not None and outcome is Outcome.CERTAIN:
            sentences.append(gettext("Giấy chứng nhận %(number)s.") % {"number": one.use.number})
        address = reverse("public_mark", args=[one.right.code])
        notes.append(LotNote(one.right.name, gettext(outcome.label), TONES[outcome], tuple(sentences), address))
    return notes
