"""Forms and filters of the layers room."""
