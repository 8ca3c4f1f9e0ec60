"""Template filters of the programme."""
