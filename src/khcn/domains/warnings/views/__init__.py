"""Pages of the warnings room."""
