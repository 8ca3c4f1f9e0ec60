"""Tests of running and closing tasks."""
