"""Reads of the warnings room."""
