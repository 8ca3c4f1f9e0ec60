"""Organisations, posts, people, appointments, delegations and accounts, all dated."""
