"""The user guide, docs/vi, as pages of the application."""
