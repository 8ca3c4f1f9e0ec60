"""Pure rules of layers: fields, clearances, digests, topology, steps of a change, styles."""
