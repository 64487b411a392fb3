"""The trail: what was done, by whom, when; append-only, hash-chained per township, its daily root published.

Verbs: record, record_many, publish_root, forget. Reads: verify, receipt. Floor: above kit.
Personal values enter only as salted commitments: forgetting the salt erases them, the chain stays whole.
"""
