"""Levels of administrative units."""

from khcn.lib.labelled import Labelled, gettext_noop


class UnitLevel(Labelled):
    """Level of a unit; the district level ended on 01/07/2025."""

    PROVINCE = "province", gettext_noop("Tỉnh, thành phố")
    DISTRICT = "district", gettext_noop("Huyện, thị xã, thành phố thuộc tỉnh")
    COMMUNE = "commune", gettext_noop("Xã, phường, thị trấn")
