"""Writes of the quality systems; import the module of the concern."""
