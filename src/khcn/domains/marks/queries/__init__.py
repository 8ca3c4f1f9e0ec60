"""Reads of the room of marks."""
