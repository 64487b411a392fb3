"""Personal data: sealed fields, the processing register, looks with a reason, erasure, requests.

Verbs: look, ask, answer, erase_due, reseal. Floor: above offices.
"""
