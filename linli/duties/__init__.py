"""Who owes what by when: calendars, limits, deadlines, pauses, extensions, supervision, worklists.

Verbs: open_duty, open_many, meet_duty, cancel_duty, cancel_all, pause_duty, resume_duty,
revive_duty, hand_duty, relimit_duty, retitle, erase_words (services.moves); ask_extension,
grant_extension, refuse_extension; order_supervision, reply_order, hang, lift_hang; sweep;
load_calendar, edit_day. Floor: above areas.

The trail: a *move* (services.moves) is part of a matter's own verb and hands back the duty, whose
`facts` that verb puts into its one line of the trail. Every other verb begins here, so it records
itself, on the matter's subject.
"""
