"""Screens of the pipeline: proposals, look-up, order lists, calls, application dossiers."""
