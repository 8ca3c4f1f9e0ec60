"""Indices and tables as pure functions: values in, values out; the clock and the dated tables are handed in."""
