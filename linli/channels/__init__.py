"""Messages: notices on the desk, e-mail to the outside, each with its cause and its fate.

Verbs: send, deliver, retry_message, mark_read, mark_all_read, erase_messages. Floor: above duties.
Each channel is a folder (`email`, `notice`); a message is written with the change that causes it.
"""
