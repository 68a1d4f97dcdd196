"""What goes wrong elsewhere, told as stories; each test names its scenario (``S17``) first."""
