"""Reads of the one-stop room."""
