"""Reads what councils need: what they may judge, who may sit, what a ballot asks, what was counted."""
