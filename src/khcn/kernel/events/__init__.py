"""Typed events and their outbox: one job row per subscriber, written in the same transaction."""
