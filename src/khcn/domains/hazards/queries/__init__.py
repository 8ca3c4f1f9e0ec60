"""Reads of the hazards room."""
