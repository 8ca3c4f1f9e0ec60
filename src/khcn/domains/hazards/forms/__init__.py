"""Forms and filters of the hazards room."""
