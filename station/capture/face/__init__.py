"""Faces measured in a picture. All of it but `report` runs in the lab's child and needs numpy and OpenCV.

The measures follow the ideas of ICAO 9303 and ISO/IEC 19794-5; they are not calibrated against either, and no OFIQ.
"""
