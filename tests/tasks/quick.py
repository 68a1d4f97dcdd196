"""The tasks as they are, asked for every second, for ``celery -A tests.tasks.quick``.

Only the intervals differ from what ships, so that a test need not wait for the next minute.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tasks.celery import make_app, settings
from workflow.jobs import JOBS

app = make_app(settings, [replace(job, interval=timedelta(seconds=1)) for job in JOBS])
