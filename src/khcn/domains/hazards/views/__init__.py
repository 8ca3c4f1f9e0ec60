"""Screens of the hazards room."""
