"""Screens of the quality systems."""
