"""Figures of the trunk: how many, how fast, how well, each share with its interval and definition.

It has no verbs and no rows of its own: every figure is counted from the cases themselves.
Floor: above cases and the practices, below transparency.
"""
