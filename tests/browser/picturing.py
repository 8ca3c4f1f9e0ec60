"""Pictures for the user guide: taken of the tab as it stands, small enough to be kept with the sources.

They are written only where KHCN_WRITE_GUIDE=1; otherwise the name is noted, so that a test can hold the guide to it.
"""

import io
import os

from PIL import Image

from browser.serving import HOUSE
from browser.watching import WIDE, Tab

GUIDE = HOUSE / "docs" / "vi"
FOLDER = GUIDE / "images"
COLOURS = 64
LARGEST_BYTES = 150_000
TALLEST = 1000


class Camera:
    """Takes pictures by name and remembers which."""

    def __init__(self) -> None:
        self.writes = os.environ.get("KHCN_WRITE_GUIDE") == "1"
        self.names: set[str] = set()

    def __call__(self, tab: Tab, name: str) -> None:
        """Take one of the tab, at the usual width and as tall as the page, up to a limit."""
        self.names.add(name)
        if not self.writes:
            return
        page = tab.page
        page.locator("[data-toast-close]").evaluate_all("all => all.forEach(one => one.click())")
        tall = page.evaluate("document.documentElement.scrollHeight")
        tab.resize((WIDE[0], max(WIDE[1], min(tall, TALLEST))))
        page.wait_for_timeout(400)
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        tab.resize(WIDE)
        FOLDER.mkdir(parents=True, exist_ok=True)
        picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)
