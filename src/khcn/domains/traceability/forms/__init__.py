"""Forms of traceability: what people type, before services."""
