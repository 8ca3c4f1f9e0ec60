"""The Common Alerting Protocol 1.2 (OASIS, 2010): model, reader, writer, checks and signature of alert messages.

Pure codec: bytes and values in, bytes and values out. It approves nothing, stores nothing and sends nothing.
"""
