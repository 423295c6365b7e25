"""What a person can do at this station; one function, one transaction. Knows no window and no HTTP."""
