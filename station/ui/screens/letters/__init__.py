"""Records on hold: why, and what can be done; and records that central has not spoken of for long."""
