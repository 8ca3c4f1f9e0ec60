"""Commands of traceability."""
