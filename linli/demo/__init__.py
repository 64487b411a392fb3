"""The sample town: a place to try everything, made by the verbs that people use.

Verbs: load_demo. Floor: the top one, beside site.
"""
