"""The subcommands of `station`, one file for each; what they do is done by the rooms below."""
