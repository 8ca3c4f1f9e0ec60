"""Forms of the procedures room's screens."""
