"""Verbs of areas: saving and closing, importing, saying who answers."""
