"""Screens of the layers room."""
