"""Files that belong to a matter: photos, evidence, papers; private unless published.

Verbs: attach, publish_attachment, erase_attachment, erase_all. Floor: above duties.
A file is known by its bytes, never by its name; pictures are drawn anew, so nothing hidden stays.
"""
