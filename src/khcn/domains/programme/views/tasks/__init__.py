"""Screens of tasks: list, timeline, page, acts."""
