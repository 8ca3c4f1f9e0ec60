"""Screens of the one-stop room: the counter, the offices, leaders, and the citizen's own pages."""
