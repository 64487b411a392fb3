"""Verbs of files, and what they do with bytes."""
