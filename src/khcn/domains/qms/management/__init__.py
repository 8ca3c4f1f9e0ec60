"""Management of the quality systems."""
