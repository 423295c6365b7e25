"""Cameras of the operating system, and pictures that stand in for one. QtMultimedia is loaded when a camera is used."""
