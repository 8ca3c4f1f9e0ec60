"""Settings: base for all, dev for try-out, production hardened, test for the suite."""
