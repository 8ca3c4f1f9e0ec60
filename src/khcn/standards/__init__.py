"""Pure codecs of standards and official formats. No Django, no clock, no I/O beyond given bytes."""
