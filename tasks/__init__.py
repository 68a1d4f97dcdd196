"""Celery's side: thin periodic tasks over the table of jobs, and nothing that the jobs need."""
