"""Reads of the layers room."""
