"""Commands of the warnings."""
