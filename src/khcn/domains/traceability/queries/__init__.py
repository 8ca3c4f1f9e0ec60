"""Reads of traceability: events by the query language, lists of what occurs, traces."""
