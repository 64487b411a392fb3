"""Predicates and formulas of figures; no database."""
