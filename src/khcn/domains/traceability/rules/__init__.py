"""Pure rules of traceability: what events say about things, who they concern, and how a trace is walked."""
