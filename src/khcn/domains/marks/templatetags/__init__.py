"""Tags of the room of marks."""
