"""Commands of the quality systems."""
