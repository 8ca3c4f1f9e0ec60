"""Stations, observations, indices and the tables that turn them into levels of natural hazard."""
