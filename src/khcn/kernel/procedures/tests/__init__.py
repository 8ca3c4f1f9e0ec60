"""Tests of the procedures room."""
