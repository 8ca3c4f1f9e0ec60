"""Forms and filters of the one-stop room."""
