"""EPCIS 2.0 and 1.2 documents and CBV 2.0 event hashes, as pure codecs.

JSON-LD, XML 2.0 and XML 1.2 are read and written, every error is collected with its place, events are hashed, units
are converted. It stores nothing, looks up no context on the network and reads no clock.
"""
