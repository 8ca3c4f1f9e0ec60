"""The pure engine: definitions, token semantics, expressions, decision tables and forms, without storage or Django.

Nothing here knows who acts or what time it is; services hand facts and moments in and keep what comes out as rows.
"""
