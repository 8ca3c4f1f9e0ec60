"""Writes of the programme, a module per concern; every function is keyword-only and takes `by` first."""
