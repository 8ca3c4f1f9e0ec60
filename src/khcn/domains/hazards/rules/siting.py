"""Whether instruments stand as the circular on stations asks. Bounds are dated parameters."""

from __future__ import annotations

from khcn.domains.hazards.rules.parameters import Parameters

_WORDS = {
    "gauge_height_m": "Miệng thùng đo mưa ở độ cao {found} m; quy định từ {low} đến {high} m.",
    "thermometer_height_m": "Nhiệt kế ở độ cao {found} m; quy định từ {low} đến {high} m.",
    "wind_height_m": "Máy đo gió ở độ cao {found} m; quy định từ {low} đến {high} m.",
}


def siting_faults(heights_m: dict[str, float | None], parameters: Parameters) -> list[str]:
    """Return a sentence for each height that is outside its bounds. Source: TT 30/2018/TT-BTNMT, as parameters."""
    faults = []
    for key, words in _WORDS.items():
        found = heights_m.get(key)
        low, high = parameters.numbers(key)
        if found is not None and not low <= found <= high:
            faults.append(words.format(found=f"{found:g}", low=f"{low:g}", high=f"{high:g}"))
    return faults
