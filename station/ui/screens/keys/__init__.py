"""Dialogs about keys: a forgotten password, another one, new recovery words, a new database key."""
