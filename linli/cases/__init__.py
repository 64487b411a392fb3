"""The trunk: one matter (事件), its way through seven steps, its history.

Verbs, by the room that holds them:
intake: report.
sorting: register, send_back, classify, answer, refer, exclude, merge, split.
dispatching: dispatch, object_dispatch, appoint_lead, assign.
handling: settle, sign, contact, assist, pause, resume, ask_extension, grant_extension,
    refuse_extension, reply, answer_again.
checking: check_site, close, rework, uphold, dismiss, reopen.
reporting: add, urge, rate, object, withdraw, erase.
writing: write_down, look_at_contact.
Floor: above channels and documents, below the practices.
"""
