"""Append-only log of every act, chained by hash. It never refers to other tables and never decides."""
