"""Check digits of numeric GS1 keys and check character pairs of alphanumeric ones.

Source: GS1 General Specifications, "Check digit calculation" and "Check character calculation (for alphanumeric keys)".
"""

SET_82 = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
SET_39 = "#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SET_64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
DIGITS = frozenset("0123456789")
_VALUE_82 = {character: value for value, character in enumerate(SET_82)}


def is_digits(text: str) -> bool:
    """Whether the text is one or more of 0 to 9; `str.isdigit` would let other scripts' digits in."""
    return bool(text) and DIGITS.issuperset(text)


def check_digit(digits: str) -> str:
    """The digit that follows these digits in a GS1 key (modulo 10, weight 3 next to the check digit)."""
    codes = digits.encode("ascii")
    near, far = codes[-1::-2], codes[-2::-2]
    total = (sum(near) - 48 * len(near)) * 3 + sum(far) - 48 * len(far)
    return str(-total % 10)


def has_check_digit(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it."""
    return len(digits) > 1 and is_digits(digits) and check_digit(digits[:-1]) == digits[-1]


def _primes(count: int) -> list[int]:
    found: list[int] = []
    candidate = 2
    while len(found) < count:
        if all(candidate % prime for prime in found):
            found.append(candidate)
        candidate += 1
    return found


_PRIMES = _primes(97)


def check_pair(text: str) -> str:
    """The two check characters that follow a text of set 82, at most 97 characters.

    Raises KeyError for a character outside the set.
    """
    total = sum(_VALUE_82[character] * prime for character, prime in zip(reversed(text), _PRIMES, strict=False)) % 1021
    return SET_32[total >> 5] + SET_32[total & 31]
