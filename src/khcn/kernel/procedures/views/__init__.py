"""Screens of procedures, cases and the worklist."""
