"""The rules of the format checker, by part of the document; each yields findings and never changes the document."""
