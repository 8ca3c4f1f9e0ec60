"""Rights to geographical indications, certification and collective marks: holders, users, lots."""
