"""Tests of the pure modules: no database, no file of the system, no clock."""
