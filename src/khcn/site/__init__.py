"""Composition: settings, URLs, home page, search, demonstration, schedules."""
