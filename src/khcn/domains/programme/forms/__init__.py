"""Forms of the programme, a module per concern."""
