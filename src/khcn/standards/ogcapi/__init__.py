"""What the OGC API standards fix, free of any server: parameters, conformance classes, CQL2.

Sources: OGC 17-069r4 (Features 1), 18-058r1 (2), 19-079r2 (3), 20-002 (4), 20-057 (Tiles 1), 20-004 (Records 1),
21-065r2 (CQL2). It knows no layer and no database.
"""
