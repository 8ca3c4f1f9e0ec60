"""Commands of the composition floor."""
