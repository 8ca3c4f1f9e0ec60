"""Forms of the room of marks."""
