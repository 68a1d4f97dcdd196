"""The engine of gongkai: everything with a rule in it.

The public names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from workflow.database import Database, connect
    from workflow.errors import Conflict, GongkaiError, NotFound, NotSignedIn, Refusal, Refused
    from workflow.guards import Actor, Facts, Role, Wish, decide
    from workflow.machine import Action, Machine, State
    from workflow.policy import Policy
    from workflow.revisions import Content, canonical, digest
    from workflow.service import WorkflowService
    from workflow.settings import Settings, bootstrap

_HOMES: Final = {
    "Action": "machine",
    "Actor": "guards",
    "Conflict": "errors",
    "Content": "revisions",
    "Database": "database",
    "Facts": "guards",
    "GongkaiError": "errors",
    "Machine": "machine",
    "NotFound": "errors",
    "NotSignedIn": "errors",
    "Policy": "policy",
    "Refusal": "errors",
    "Refused": "errors",
    "Role": "guards",
    "Settings": "settings",
    "State": "machine",
    "Wish": "guards",
    "WorkflowService": "service",
    "bootstrap": "settings",
    "canonical": "revisions",
    "connect": "database",
    "decide": "guards",
    "digest": "revisions",
}

__all__ = [
    "Action",
    "Actor",
    "Conflict",
    "Content",
    "Database",
    "Facts",
    "GongkaiError",
    "Machine",
    "NotFound",
    "NotSignedIn",
    "Policy",
    "Refusal",
    "Refused",
    "Role",
    "Settings",
    "State",
    "Wish",
    "WorkflowService",
    "bootstrap",
    "canonical",
    "connect",
    "decide",
    "digest",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"workflow.{home}"), name)
