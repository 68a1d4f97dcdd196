"""Celery's side: thin periodic tasks over the service; the sweeps of deadlines come here."""
