"""Spreadsheets in and out: write .xlsx and .csv, read a table from a file, check it against wanted columns."""
