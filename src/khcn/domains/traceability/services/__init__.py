"""Writes of traceability: clients, captures, named queries."""
