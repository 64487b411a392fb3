"""The start page, the signposts, the switches for language and type size, and whether the system is well.

Top floor: it imports from every app, no app imports it.
"""
