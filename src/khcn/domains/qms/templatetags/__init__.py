"""Template tags of the quality systems."""
