"""Writes of the one-stop room."""
