"""Figures, counted from the cases."""
