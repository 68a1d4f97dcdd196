"""What every act needs around it: the database, the clock, where the call came from, repetition.

The clock is a parameter and is read once per act, in UTC; dates are those of Asia/Shanghai,
whatever zone the machine is in.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, select

from workflow.audit import Origin
from workflow.database import Statement
from workflow.errors import Conflict, InvalidInput
from workflow.models import Request, table
from workflow.revisions import check_characters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from workflow.database import Database, Transaction
    from workflow.guards import Principal

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
MAX_KEY: Final = 200

_request = table(Request)
_ANSWERED: Final = Statement(
    select(_request.c.fingerprint, _request.c.answer).where(
        _request.c.account_id == bindparam("account_id"), _request.c.key == bindparam("key")
    )
)
_ANSWER: Final = Statement(
    insert(_request).values(
        account_id=bindparam("account_id"),
        key=bindparam("key"),
        fingerprint=bindparam("fingerprint"),
        answer=bindparam("answer"),
        made_at=bindparam("made_at"),
    )
)


def fingerprint_of(call: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a call as canonical JSON, dates in ISO form: what its key stands for.

    What the caller was shown is no part of a call: whoever repeats one whose answer was lost may
    have been shown its outcome meanwhile.
    """
    text = json.dumps(call, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """The surroundings of a call: ``channel`` is the way it came (``cli``, ``worker``, ``api``)."""

    database: Database
    clock: Callable[[], datetime]
    channel: str
    host: str

    def today(self) -> date:
        """Return the date in Asia/Shanghai."""
        return self.clock().astimezone(SHANGHAI).date()

    def origin(self, name: str, *, in_place_of: Principal | None = None) -> Origin:
        """Return the origin of an entry in the trail, for the account or system actor ``name``."""
        principal = in_place_of.name if in_place_of else None
        return Origin(actor=name, on_behalf_of=principal, channel=self.channel, host=self.host)

    def carry_out(
        self,
        work: Callable[[Transaction, datetime], dict[str, Any]],
        *,
        account_id: int,
        call: dict[str, Any],
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Run ``work`` in one transaction and return its answer.

        With ``key``, a call that was answered before gets that answer again and nothing is done
        twice (R3); the same key with another ``call`` raises ``Conflict('key_used_before')``. With
        ``dry_run`` everything is done and undone, so that the answer is exact. A call without a
        known account (``account_id`` 0) keeps no keys.
        """
        answer: dict[str, Any] = {}
        if key is not None and account_id:
            check_characters(key, field="idempotency_key", one_line=True)
            if not 1 <= len(key) <= MAX_KEY:
                raise InvalidInput("key_wrong", limit=MAX_KEY)
        else:
            key = None
        with self.database.transaction(keep=not dry_run) as transaction:
            fingerprint = ""
            if key is not None:
                fingerprint = fingerprint_of(call)
                # Sent twice at once, the second waits here until the first has answered.
                transaction.queue_up(f"request:{account_id}:{key}")
                before = transaction.one(_ANSWERED, account_id=account_id, key=key)
                if before is not None:
                    if before.fingerprint != fingerprint:
                        raise Conflict("key_used_before", key=key)
                    repeated: dict[str, Any] = json.loads(before.answer)
                    return repeated | {"repeated": True}
            now = self.clock()
            answer = work(transaction, now)
            if key is not None:
                transaction.run(
                    _ANSWER,
                    account_id=account_id,
                    key=key,
                    fingerprint=fingerprint,
                    answer=json.dumps(answer, ensure_ascii=False, default=str),
                    made_at=now,
                )
        return answer | ({"dry_run": True} if dry_run else {})
