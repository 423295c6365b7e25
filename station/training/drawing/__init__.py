"""Drawings of fingers, eyes, faces and signatures that belong to nobody, each marked CONTOH.

It must not know of people, devices or files other than the bundled font: a drawing follows from numbers alone.
"""
