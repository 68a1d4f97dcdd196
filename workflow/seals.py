"""What a seal leaves behind: a statement that binds body, register number and digest.

The built-in provider records the use of the department's seal in its register (用印登记); the
statement's SHA-256 is kept with the decision, so that neither the number nor the digest under it
can be exchanged. A provider that signs the statement with the department's certificate fits behind
the same protocol. It is a record of sealing, not an electronic seal after GB/T 38540.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class SealStatement:
    """What is sealed: which digest, for which body, under which number of its register."""

    body: str
    register_number: str
    digest: str
    index_number: str

    def canonical(self) -> bytes:
        """Return the statement as canonical JSON, the bytes that a signature would cover."""
        return json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":")
        ).encode("utf-8")


class SealProvider(Protocol):
    """Something that can set a seal under a statement and tell later whether it still holds."""

    name: str

    def seal(self, statement: SealStatement) -> Mapping[str, str]:
        """Return the record to keep; quick and local, for it is made inside the transaction."""
        ...

    def holds(self, statement: SealStatement, record: Mapping[str, str]) -> bool:
        """Tell whether ``record`` was made for exactly this statement."""
        ...


class RegisterSeal:
    """The seal as an entry in the department's register, without a signature."""

    name = "register"

    def seal(self, statement: SealStatement) -> Mapping[str, str]:
        """Record the statement's SHA-256."""
        return {
            "provider": self.name,
            "statement_sha256": hashlib.sha256(statement.canonical()).hexdigest(),
        }

    def holds(self, statement: SealStatement, record: Mapping[str, str]) -> bool:
        """Compare with a record made before."""
        return dict(record) == dict(self.seal(statement))
