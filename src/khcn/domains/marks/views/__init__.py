"""Screens of the room of marks."""
