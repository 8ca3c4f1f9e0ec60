"""Template tags of the procedures room."""
