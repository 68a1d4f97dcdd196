"""How alerts leave the house: each channel against a real server on this machine."""
