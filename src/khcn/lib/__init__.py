"""Pure helpers: calendar, money, Vietnamese text, digests. No Django, no clock, no I/O."""
