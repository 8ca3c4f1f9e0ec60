"""Fields of bits written one after another and read back, as tag encodings and compressed links need them."""

from khcn.standards.gs1.errors import Gs1Refusal


class BitWriter:
    """Collects fields, most significant bit first."""

    def __init__(self) -> None:
        self._value, self.length = 0, 0

    def put(self, value: int, bits: int) -> None:
        """Appends a whole number. Raises Gs1Refusal when it does not fit the field."""
        if value < 0 or value >> bits:
            raise Gs1Refusal("range", f"{value} does not fit {bits} bits.")
        self._value = self._value << bits | value
        self.length += bits

    def padded(self, multiple: int) -> tuple[int, int]:
        """The number and its length after zero bits up to a multiple."""
        surplus = -self.length % multiple
        return self._value << surplus, self.length + surplus


class BitReader:
    """Hands out the fields of a number of known length."""

    def __init__(self, value: int, length: int) -> None:
        self._value, self.left = value, length

    def get(self, bits: int) -> int:
        """The next field. Raises Gs1Refusal when the bits end before it does."""
        if bits > self.left:
            raise Gs1Refusal("short", "The bits end inside a field.")
        self.left -= bits
        return self._value >> self.left & (1 << bits) - 1
