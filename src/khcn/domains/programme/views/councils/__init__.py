"""Screens of councils: the list, one council with its tabs, seats, and every act of its members and secretary."""
