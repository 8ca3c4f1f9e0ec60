"""Working calendar, statutory clocks, transition log, councils with sealed ballots. Knows no field of science."""
