"""Writes of the warnings room."""
