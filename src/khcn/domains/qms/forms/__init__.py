"""Forms of the quality systems."""
