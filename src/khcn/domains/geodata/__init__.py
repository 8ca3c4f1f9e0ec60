"""Map layers as governed registers: dated objects, versions, proposed changes, files in and out, OGC API."""
