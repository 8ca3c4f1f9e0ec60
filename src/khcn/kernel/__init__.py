"""The rooms every domain stands on: audit, events, orgs, places, documents, procedures, indicators, notices."""
