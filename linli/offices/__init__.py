"""Offices, posts and accounts: who acts, in which post, with which powers, and how they sign in.

Verbs: save_office, close_office, seed_offices, open_account, close_account, reset_password,
erase_closed_accounts, erase_ended_sessions, choose_language, appoint, dismiss, switch_post,
issue_token, revoke_token.
Floor: above audit.
"""
