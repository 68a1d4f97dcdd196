"""The command line: a thin mirror of the service, without a rule of its own."""
