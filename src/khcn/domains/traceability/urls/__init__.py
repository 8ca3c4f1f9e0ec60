"""Addresses of traceability: the REST binding, the screens, and what QR codes lead to."""
