"""The trail: what was done, by whom, when; append-only, hash-chained, its daily root published.

Verbs: record, record_many, publish_root, forget. Reads: verify, receipt. Floor: above kit.
Personal values enter only as salted commitments: forgetting the salt erases them and the chain
stays whole.
"""
