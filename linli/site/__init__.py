"""The start page, the signposts, the switches of language and type, whether the system is well.

Top floor: it imports from every app, no app imports it.
"""
