"""Units of sensor readings by their UN/ECE Recommendation 20 codes, and conversion between those of one quantity.

Source: UN/CEFACT Recommendation 20 (common codes) and the SI Brochure. A code outside the table compares with itself
only.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """base = value * factor + offset, in the SI unit of the quantity."""

    quantity: str
    factor: float
    offset: float = 0.0


def _of(quantity: str, **factors: float) -> dict[str, Unit]:
    return {code.removeprefix("_"): Unit(quantity, factor) for code, factor in factors.items()}


UNITS: dict[str, Unit] = {
    "KEL": Unit("temperature", 1.0),
    "CEL": Unit("temperature", 1.0, 273.15),
    "FAH": Unit("temperature", 5 / 9, 459.67 * 5 / 9),
    "A48": Unit("temperature", 5 / 9),
    **_of(
        "mass", KGM=1.0, GRM=1e-3, MGM=1e-6, MC=1e-9, TNE=1e3, DTN=1e2, LBR=0.45359237, ONZ=0.028349523125,
        STN=907.18474, LTN=1016.0469088,
    ),
    **_of(
        "length", MTR=1.0, CMT=1e-2, MMT=1e-3, DMT=1e-1, KMT=1e3, INH=0.0254, FOT=0.3048, YRD=0.9144, SMI=1609.344,
        NMI=1852.0, _4H=1e-6, C45=1e-9,
    ),
    **_of(
        "area", MTK=1.0, CMK=1e-4, DMK=1e-2, MMK=1e-6, KMK=1e6, HAR=1e4, FTK=0.09290304, INK=6.4516e-4,
        ACR=4046.8564224,
    ),
    **_of(
        "volume", MTQ=1.0, LTR=1e-3, DMQ=1e-3, MLT=1e-6, CMQ=1e-6, CLT=1e-5, HLT=0.1, MMQ=1e-9, FTQ=0.028316846592,
        INQ=1.6387064e-5, GLL=3.785411784e-3, GLI=4.54609e-3,
    ),
    **_of("pressure", PAL=1.0, HPA=1e2, KPA=1e3, MPA=1e6, BAR=1e5, MBR=1e2, ATM=101325.0, PS=6894.757293168),
    **_of("time", SEC=1.0, MIN=60.0, HUR=3600.0, DAY=86400.0, WEE=604800.0, C26=1e-3, B98=1e-6),
    **_of("speed", MTS=1.0, KMH=1 / 3.6, KNT=1852 / 3600, HM=0.44704),
    **_of("acceleration", MSK=1.0),
    **_of("frequency", HTZ=1.0, KHZ=1e3, MHZ=1e6, A86=1e9),
    **_of("energy", JOU=1.0, KJO=1e3, _3B=1e6, GV=1e9, WHR=3600.0, KWH=3.6e6, MWH=3.6e9, BTU=1055.05585262),
    **_of("power", WTT=1.0, KWT=1e3, MAW=1e6),
    **_of("voltage", VLT=1.0, _2Z=1e-3, KVT=1e3),
    **_of("current", AMP=1.0, _4K=1e-3),
    **_of("resistance", OHM=1.0, B49=1e3, B75=1e6),
    **_of("force", NEW=1.0, B47=1e3),
    **_of("torque", NU=1.0),
    **_of("illuminance", LUX=1.0),
    **_of("luminous flux", LUM=1.0),
    **_of("luminous intensity", CDL=1.0),
    **_of("angle", C81=1.0, DD=0.017453292519943295),
    **_of("mass concentration", KMQ=1.0, A93=1e-3, GL=1.0, M1=1e-3, GP=1e-6, GQ=1e-9),
    **_of("amount of substance", C34=1.0, C18=1e-3),
    **_of("amount concentration", C36=1.0, C35=1e3),
    **_of("absorbed dose", A95=1.0),
    **_of("dose equivalent", D13=1.0, C28=1e-3),
    **_of("dose equivalent rate", P71=1e-3 / 3600),
    **_of("radioactivity", BQL=1.0, CUR=3.7e10),
    **_of("conductivity", D10=1.0),
    **_of("volume flow", MQS=1.0, MQH=1 / 3600, L2=1e-3 / 60),
    **_of("ratio", C62=1.0, EA=1.0, H87=1.0, DZN=12.0, P1=1e-2, NX=1e-3, _59=1e-6, _61=1e-9),
    **_of("memory", AD=1.0, _2P=1e3, _4L=1e6, E34=1e9),
}  # fmt: skip


def to_base(value: float, code: str | None) -> tuple[str, float]:
    """The quantity and the value in its SI unit; an unknown code is its own quantity, none at all is the empty one."""
    unit = UNITS.get(code or "")
    if unit is None:
        return f"?{code or ''}", float(value)
    return unit.quantity, float(value) * unit.factor + unit.offset


def convert(value: float, code: str, into: str) -> float:
    """The value in another unit of the same quantity. Raises ValueError for units that do not compare."""
    quantity, base = to_base(value, code)
    target = UNITS.get(into)
    if code == into:
        return float(value)
    if target is None or target.quantity != quantity:
        raise ValueError(f"{code} and {into} measure different quantities.")
    return (base - target.offset) / target.factor
