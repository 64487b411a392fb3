"""The shape of what each verb is given; page and API read the same forms."""
