"""Traceability: the EPCIS repository of the province's goods, its trace graph, and what is shown to buyers.

The identifiers, documents and hashes themselves are `standards/gs1` and `standards/epcis`.
"""
