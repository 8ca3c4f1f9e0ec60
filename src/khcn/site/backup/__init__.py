"""Backups: one file with database, uploads and manifest; restore verifies all of it before it replaces anything.

Does not encrypt and does not send the file anywhere (deploy/README.md says how).
"""
