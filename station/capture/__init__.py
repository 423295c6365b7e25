"""The capture devices this program can drive, and what is made of their pictures.

It must not know of windows, records or of training: a new kind of device is a line in `drivers`.
"""
