"""The refusal of input that cannot be read as an amount, a date or another written form."""

from khcn.lib.failure import Failure


class Unreadable(Failure, ValueError):
    """The text cannot be read; the message is a whole Vietnamese sentence that says what to write instead.

    Failure
      └─ Unreadable
           ├─ UnreadableAmount   (khcn.lib.money)
           ├─ UnreadableDate     (khcn.lib.dates)
           └─ UnsuitableContent  (khcn.lib.digest)
    """

    code = "unreadable"
