"""Writes of the layers room; every one leaves an entry in the audit log."""
