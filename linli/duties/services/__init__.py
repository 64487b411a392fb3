"""Verbs of duties. `moves` are parts of a matter's verb; all others record themselves."""
