"""Reads and writes files of map data with GDAL, out of the server's own process."""
