"""The only code of the station that speaks SQL or touches its files. Knows no network and no window."""
