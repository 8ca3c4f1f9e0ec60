"""Rules of warnings: steps, words, composing; values in, values out."""
