"""Training mode: invented people of province 99 and the drawings that stand in for their bodies.

It must not be imported by anything a real recording needs: the composition root alone may choose it.
"""
