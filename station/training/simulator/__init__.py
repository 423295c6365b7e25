"""The simulator: a process of its own that is a whole SBI service, with invented people in front of its devices.

It must not be imported by anything a real recording needs. The station knows it only as an address.
"""
