"""Tests of the jobs and of what runs them."""
