"""Electronic ISO: the quality system of each agency, from controlled documents to a computed "applied effectively"."""
