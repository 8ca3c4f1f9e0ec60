"""Writes of the hazards room; every one leaves an entry in the audit log."""
