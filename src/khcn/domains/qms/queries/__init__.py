"""Reads of the quality systems."""
