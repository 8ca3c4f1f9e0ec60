"""The pure rules of the programme: formulas, transition tables and norm checks; values in, values out."""
