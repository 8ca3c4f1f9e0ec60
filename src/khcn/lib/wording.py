"""Tells Vietnamese from other text by its letters. Does not translate; `khcn.web.wording` does."""

import re
import unicodedata

_LETTERS = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)


def is_vietnamese(text: str) -> bool:
    """True when `text` holds a letter that Vietnamese has and English has not."""
    return bool(_LETTERS.search(unicodedata.normalize("NFC", text)))
