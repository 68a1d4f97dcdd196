"""Tests of the public web site, rendered for real into a directory and read back."""
