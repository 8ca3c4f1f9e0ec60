"""Pure rules of the room of marks."""
