"""Offices, posts and accounts: who acts, in which post, with which powers.

Verbs: switch_post, issue_token, revoke_token, appoint, dismiss, open_account, close_account. Floor: above audit.
"""
