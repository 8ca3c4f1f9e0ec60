"""Writes of the room of marks."""
