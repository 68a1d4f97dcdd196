"""What the command line promises to people and to scripts."""
