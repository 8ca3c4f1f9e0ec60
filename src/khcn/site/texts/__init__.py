"""The texts that people read on screen, collected from the source, and the catalogues that hold their English."""
