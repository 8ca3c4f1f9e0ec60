"""Commands of the procedures room."""
