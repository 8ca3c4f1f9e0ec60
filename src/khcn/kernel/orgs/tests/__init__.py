"""Tests of the orgs room."""
