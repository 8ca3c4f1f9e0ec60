"""Dated administrative units and places with geometry."""
