"""Screens of traceability."""
