"""Indicators, targets and measured values with provenance; domains register the sources."""
