"""The tests, their servers and the benchmark; none of it is shipped."""
