"""What everybody may see and check: figures, roots of the trail, receipts, verification draws.

It has no verbs and no rows of its own; it shows what lower apps publish.
Floor: above everything but the site and the sample town.
"""
