"""Warnings to the public and to those on duty: checked, approved by two, issued as CAP 1.2."""
