"""The services on a real database: every test runs on SQLite and on PostgreSQL."""
