"""Tools without domain words: refusals, flows, events, slots, time, ids, the queue, pages.

The lowest floor: it imports no other app.
"""
