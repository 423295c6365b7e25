"""Devices that speak the Secure Biometric Interface, over HTTP on this computer."""
