"""People: accounts, passwords, logins and roles; the first door, closed by default.

Passwords are kept as Argon2id hashes. A login hands out a random token once and keeps only its
SHA-256; it expires and can be revoked. Failed logins are counted per account in the database, so
that no second process helps to guess. Every change is in the system chain.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, true, update

from workflow import audit, capacities, notices
from workflow.database import Statement
from workflow.errors import (
    Conflict,
    GongkaiError,
    InvalidInput,
    NotFound,
    NotSignedIn,
    Refusal,
    Refused,
)
from workflow.guards import NEITHER_DECIDE_NOR_READ, SCOPES, Actor, Grant, Principal, Role
from workflow.messages import LANGUAGES
from workflow.models import (
    LONGEST_ID,
    Account,
    Body,
    BodyEnd,
    Office,
    RoleGrant,
    Token,
    TokenScope,
    table,
)
from workflow.revisions import MAX_FOLDED, check_characters, folded, is_storable, is_unseen

if TYPE_CHECKING:
    from argon2 import PasswordHasher

    from workflow.database import Transaction
    from workflow.runtime import Runtime

NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,62}[a-z0-9]\Z")
"""Names of accounts: lower-case ASCII, so that no two look alike."""
MIN_PASSWORD: Final = 10
MAX_PASSWORD: Final = 1000
FREE_FAILURES: Final = 4
"""So many wrong passwords cost nothing; each further one doubles the wait, from 30 seconds."""
FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=1)
_TOKEN_BYTES: Final = 32
ONE_TIME_LASTS: Final = timedelta(hours=72)
"""For so long a password that somebody else chose can be used, and then is as good as none."""
_BLANKS_IN_NAMES: Final = frozenset(" \u3000")
_SYSTEMS_NAMES: Final = frozenset({"system", "thesystem", "系统"})
"""How the engine is called where it acts itself."""

_account, _grant = table(Account), table(RoleGrant)
_body, _end = table(Body), table(BodyEnd)
_token, _office = table(Token), table(Office)
_ACCOUNT_COLUMNS: Final = (
    _account.c.id,
    _account.c.name,
    _account.c.display_name,
    _account.c.language,
    _account.c.password_hash,
    _account.c.must_change,
    _account.c.password_expires_at,
    _account.c.enabled,
    _account.c.failures,
    _account.c.locked_until,
)
_BY_NAME: Final = Statement(
    select(*_ACCOUNT_COLUMNS)
    .where(_account.c.name == bindparam("name"))
    # Rows that refer to the account can be written meanwhile: its number does not change.
    .with_for_update(key_share=True)
)
_held = capacities.held(capacities.NOW, ("account_id", bindparam("account_id")))
_principal = _account.alias("principal")
_ACTOR: Final = Statement(
    select(
        _account.c.id.label("account_id"),
        _account.c.name,
        _account.c.display_name,
        _account.c.enabled,
        _held.c.role,
        _held.c.body_id,
        _body.c.kind.label("body_kind"),
        _held.c.principal_id,
        _principal.c.name.label("principal"),
    )
    .select_from(_account)
    .join(_held, true(), isouter=True)
    .join(_body, _body.c.id == _held.c.body_id, isouter=True)
    .join(_principal, _principal.c.id == _held.c.principal_id, isouter=True)
    .where(_account.c.id == bindparam("account_id"))
    .order_by(_held.c.delegation_id)
)
_NAME_OF: Final = Statement(select(_account.c.name).where(_account.c.id == bindparam("account_id")))
_LOOKS_LIKE: Final = Statement(
    select(_account.c.id).where(_account.c.display_key == bindparam("display_key"))
)
_ADD: Final = Statement(
    insert(_account)
    .values(
        **{
            name: bindparam(name)
            for name in (
                "name",
                "display_name",
                "display_key",
                "language",
                "password_hash",
                "must_change",
                "password_expires_at",
                "created_at",
            )
        },
        enabled=True,
        failures=0,
    )
    .returning(_account.c.id)
)
_SET_FAILURES: Final = Statement(
    update(_account)
    .where(_account.c.id == bindparam("account_id"))
    .values(failures=bindparam("failures"), locked_until=bindparam("locked_until"))
)
_SET_PASSWORD: Final = Statement(
    update(_account)
    .where(_account.c.id == bindparam("account_id"))
    .values(
        password_hash=bindparam("password_hash"),
        must_change=bindparam("must_change"),
        password_expires_at=bindparam("password_expires_at"),
        failures=0,
        locked_until=None,
    )
)
_SET_ENABLED: Final = Statement(
    update(_account)
    .where(_account.c.id == bindparam("account_id"))
    .values(enabled=bindparam("enabled"))
)
_ADD_TOKEN: Final = Statement(
    insert(_token).values(
        account_id=bindparam("account_id"),
        hash=bindparam("hash"),
        created_at=bindparam("created_at"),
        expires_at=bindparam("expires_at"),
        scope=bindparam("scope", type_=_token.c.scope.type),
    )
)
_TOKEN: Final = Statement(
    select(
        _token.c.account_id,
        _token.c.created_at,
        _token.c.expires_at,
        _token.c.revoked_at,
        _token.c.scope,
        _account.c.name,
        _account.c.display_name,
        _account.c.enabled,
        _account.c.must_change,
        _account.c.language,
        select(_office.c.held_at).scalar_subquery().label("held_at"),
    )
    .join(_account, _account.c.id == _token.c.account_id)
    .where(_token.c.hash == bindparam("hash"))
)
_REVOKE_ONE: Final = Statement(
    update(_token)
    .where(_token.c.hash == bindparam("hash"), _token.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_REVOKE_ALL: Final = Statement(
    update(_token)
    .where(_token.c.account_id == bindparam("account_id"), _token.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_BODY: Final = Statement(
    select(_body.c.id, _body.c.code, _body.c.name, _body.c.kind).where(
        (_body.c.code == bindparam("value")) | (_body.c.name == bindparam("value"))
    )
)
_HEIR: Final = Statement(
    select(_body.c.id, _body.c.code, _body.c.name, _body.c.kind)
    .join(_end, _end.c.merged_into == _body.c.id)
    .where(_end.c.body_id == bindparam("body_id"))
)
_ACTIVE_GRANT: Final = Statement(
    select(_grant.c.id).where(
        _grant.c.account_id == bindparam("account_id"),
        _grant.c.role == bindparam("role"),
        _grant.c.body_id == bindparam("body_id"),
        _grant.c.revoked_at.is_(None),
    )
)
_ADD_GRANT: Final = Statement(
    insert(_grant).values(
        account_id=bindparam("account_id"),
        role=bindparam("role"),
        body_id=bindparam("body_id"),
        granted_by=bindparam("granted_by"),
        granted_at=bindparam("granted_at"),
    )
)
_END_GRANT: Final = Statement(
    update(_grant).where(_grant.c.id == bindparam("grant_id")).values(revoked_at=bindparam("at"))
)
_OTHER_ADMINISTRATOR: Final = Statement(
    select(_grant.c.id)
    .join(_account, _account.c.id == _grant.c.account_id)
    .where(
        _grant.c.role == Role.ADMINISTRATOR.value,
        _grant.c.revoked_at.is_(None),
        _account.c.enabled.is_(True),
        _account.c.id != bindparam("account_id"),
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Session:
    """A valid login: whose it is, in which language they read, and when it ends."""

    account_id: int
    name: str
    display_name: str
    language: str
    must_change: bool
    expires_at: datetime


def token_hash(token: str) -> str:
    """Return what is stored of a token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def load_actor(transaction: Transaction, account_id: int, *, now: datetime) -> Actor | None:
    """Read a person with the roles of this moment; ``None`` if there is no such account."""
    known = 0 < account_id <= LONGEST_ID
    rows = transaction.run(_ACTOR, account_id=account_id, now=now) if known else []
    if not rows:
        return None
    first = rows[0]
    return Actor(
        first.account_id,
        first.name,
        first.display_name,
        first.enabled,
        tuple(granted(row) for row in rows if row.role is not None),
    )


def granted(row: Any) -> Grant:
    """Return a role that somebody holds, in their own right or as a deputy."""
    principal = None
    if row.principal_id is not None:
        principal = Principal(row.principal_id, row.principal)
    return Grant(Role(row.role), row.body_id, str(row.body_kind), principal)


def demand_role(transaction: Transaction, account_id: int, *roles: Role, now: datetime) -> Actor:
    """Return the actor, acting in one of ``roles``; else raise ``Refused``, or if not enabled."""
    actor = load_actor(transaction, account_id, now=now)
    if actor is None or not actor.enabled:
        raise NotSignedIn("not_signed_in")
    if not any(grant.role in roles for grant in actor.grants):
        raise Refused([Refusal("needs_role", {"role": roles[0].value})])
    return actor.acting(*roles)


def find_body(transaction: Transaction, value: str) -> Any:
    """Return the body with that code or full name; raises ``NotFound('no_such_body')``."""
    body = transaction.one(_BODY, value=value) if is_storable(value) else None
    if body is None:
        raise NotFound("no_such_body", value=value)
    return body


def find_account(transaction: Transaction, name: str) -> Any:
    """Return the account of that name, held; raises ``NotFound('no_such_account')``."""
    account = transaction.one(_BY_NAME, name=name) if NAME.match(name) else None
    if account is None:
        raise NotFound("no_such_account", name=name)
    return account


def heir_of(transaction: Transaction, body_id: int) -> Any:
    """Return the body that goes on with the work of another one, however often it was merged.

    ``None`` if it was not.
    """
    known = {body_id}
    heir = transaction.one(_HEIR, body_id=body_id)
    while heir is not None and heir.id not in known:
        known.add(heir.id)
        following = transaction.one(_HEIR, body_id=heir.id)
        if following is None:
            return heir
        heir = following
    return None


def end_delegation(
    transaction: Transaction, row: Any, *, by: int, now: datetime, origin: audit.Origin
) -> dict[str, Any]:
    """End one delegation now and tell both; return what it was."""
    capacities.end(transaction, row.id, by=by, now=now, origin=origin)
    numbers = (row.principal_id, row.deputy_id)
    principal, deputy = (transaction.one(_NAME_OF, account_id=each).name for each in numbers)
    people = {"principal": (row.principal_id, deputy), "deputy": (row.deputy_id, principal)}
    notices.stands_in(transaction, people, ended=True, number=row.id, now=now)
    return {"delegation": row.id, "principal": principal, "deputy": deputy, "ended": True}


class Accounts:
    """Everything about people that can change."""

    def __init__(
        self,
        runtime: Runtime,
        hasher: PasswordHasher,
        *,
        session: timedelta,
        for_jobs: timedelta,
    ) -> None:
        """Use ``hasher`` for passwords; logins last for ``session``, or ``for_jobs``."""
        self._runtime = runtime
        self._hasher = hasher
        self._lasts = {TokenScope.ALL: session, TokenScope.JOBS: for_jobs}

    def hash_password(self, password: str, *, name: str) -> str:
        """Check a new password and return its hash; raises ``InvalidInput``."""
        check_characters(password, field="password", one_line=True)
        if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
            raise InvalidInput("password_length", limit=MIN_PASSWORD)
        if name.lower() in password.lower() or len(set(password)) < 5:  # noqa: PLR2004 # "aaaaaaaaaa"
            raise InvalidInput("password_too_easy")
        return self._hasher.hash(password)

    def add_within(
        self,
        transaction: Transaction,
        now: datetime,
        *,
        by: str,
        name: str,
        display_name: str,
        language: str,
        password_hash: str,
        must_change: bool,
    ) -> int:
        """Insert an account inside an open transaction and note it in the system chain."""
        if transaction.one(_BY_NAME, name=name) is not None:
            raise Conflict("name_taken", name=name)
        display_key = folded(display_name)
        if transaction.one(_LOOKS_LIKE, display_key=display_key) is not None:
            raise Conflict("display_name_taken", name=display_name)
        row = transaction.one(
            _ADD,
            name=name,
            display_name=display_name,
            display_key=display_key,
            language=language,
            password_hash=password_hash,
            must_change=must_change,
            password_expires_at=now + ONE_TIME_LASTS if must_change else None,
            created_at=now,
        )
        audit.record(
            transaction,
            "account_added",
            at=now,
            origin=self._runtime.origin(by),
            account=name,
            language=language,
        )
        account_id: int = row.id
        return account_id

    def check_names(self, name: str, display_name: str, *, language: str) -> None:
        """Refuse names that could be mistaken for another or for the system, and odd languages."""
        if language not in LANGUAGES:
            raise InvalidInput("value_unknown", field="language", value=language, known=LANGUAGES)
        if not NAME.match(name) or name == audit.SYSTEM_ACTOR:
            raise InvalidInput("account_name_wrong", name=name)
        check_characters(display_name, field="display_name", one_line=True)
        key = folded(display_name)
        if not key or not 1 <= len(display_name.strip()) <= 100 or len(key) > MAX_FOLDED:  # noqa: PLR2004 # the column's length
            raise InvalidInput("field_empty", field="display_name")
        for position, character in enumerate(display_name, start=1):
            if is_unseen(character) and character not in _BLANKS_IN_NAMES:
                raise InvalidInput(
                    "bad_character",
                    field="display_name",
                    character=f"U+{ord(character):04X}",
                    position=position,
                )
        if key in _SYSTEMS_NAMES:
            raise Conflict("display_name_taken", name=display_name)

    def add(
        self,
        actor_id: int,
        name: str,
        *,
        display_name: str,
        language: str = "zh",
        password: str | None = None,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Add a person; without ``password`` a one-time password is made and returned.

        A password that somebody else chose must be changed at the first login. Administrators only.
        """
        self.check_names(name, display_name, language=language)
        one_time = password is None
        secret = password if password is not None else _one_time_password()
        password_hash = self.hash_password(secret, name=name)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            self.add_within(
                transaction,
                now,
                by=actor.name,
                name=name,
                display_name=display_name.strip(),
                language=language,
                password_hash=password_hash,
                must_change=True,
            )
            return {"name": name, "display_name": display_name.strip()}

        answer = self._runtime.carry_out(
            work,
            account_id=actor_id,
            call={
                "do": "user add",
                "name": name,
                "display_name": display_name,
                "language": language,
                "one_time": one_time,
            },
            key=key,
            dry_run=dry_run,
        )
        # The one-time password is told once and stored nowhere, also not with an answer.
        told = one_time and not answer.get("repeated") and not dry_run
        return answer | ({"one_time_password": secret} if told else {})

    def reset(
        self, actor_id: int, name: str, *, key: str | None = None, dry_run: bool = False
    ) -> dict[str, Any]:
        """Give a person a new one-time password and end all their logins."""
        secret = _one_time_password()
        password_hash = self.hash_password(secret, name=name)

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            account = find_account(transaction, name)
            transaction.run(
                _SET_PASSWORD,
                account_id=account.id,
                password_hash=password_hash,
                must_change=True,
                password_expires_at=now + ONE_TIME_LASTS,
            )
            revoked = transaction.count(_REVOKE_ALL, account_id=account.id, at=now)
            audit.record(
                transaction,
                "password_reset",
                at=now,
                origin=self._runtime.origin(actor.name),
                account=name,
                logins_ended=revoked,
            )
            notices.password_reset(transaction, account.id, name, now=now)
            return {"name": name, "logins_ended": revoked}

        answer = self._runtime.carry_out(
            work,
            account_id=actor_id,
            call={"do": "user reset", "name": name},
            key=key,
            dry_run=dry_run,
        )
        told = not answer.get("repeated") and not dry_run
        return answer | ({"one_time_password": secret} if told else {})

    def set_enabled(
        self,
        actor_id: int,
        name: str,
        *,
        enabled: bool,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Enable or disable a person; disabling ends logins and delegations, and moves no item."""

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            account = find_account(transaction, name)
            if not enabled:
                self._keep_one_administrator(transaction, account.id, now)
            transaction.run(_SET_ENABLED, account_id=account.id, enabled=enabled)
            revoked = 0
            if not enabled:
                revoked = transaction.count(_REVOKE_ALL, account_id=account.id, at=now)
            origin = self._runtime.origin(actor.name)
            audit.record(
                transaction,
                "account_enabled" if enabled else "account_disabled",
                at=now,
                origin=origin,
                account=name,
            )
            # A disabled account neither lends a role nor acts in one; the other side is told.
            ended = [
                end_delegation(transaction, row, by=actor.account_id, now=now, origin=origin)
                for row in ([] if enabled else capacities.open_of(transaction, account.id, now))
            ]
            return {
                "name": name,
                "enabled": enabled,
                "logins_ended": revoked,
                "delegations_ended": ended,
            }

        call = {"do": "user enable", "name": name, "enabled": enabled}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def grant(
        self,
        actor_id: int,
        name: str,
        role: Role,
        *,
        body: str,
        revoke: bool = False,
        key: str | None = None,
        dry_run: bool = False,
    ) -> dict[str, Any]:
        """Give a person a role for a body, or end it; saying the same twice changes nothing."""

        def work(transaction: Transaction, now: datetime) -> dict[str, Any]:
            actor = demand_role(transaction, actor_id, Role.ADMINISTRATOR, now=now)
            account = find_account(transaction, name)
            scope = find_body(transaction, body)
            changed = self.grant_within(
                transaction,
                now,
                by=actor,
                account_id=account.id,
                account_name=name,
                role=role,
                body=scope,
                revoke=revoke,
            )
            return {
                "name": name,
                "role": role.value,
                "body": scope.code,
                "body_name": scope.name,
                "revoked": revoke,
                "changed": changed,
            }

        call = {"do": "role", "name": name, "role": role.value, "body": body, "revoke": revoke}
        return self._runtime.carry_out(
            work, account_id=actor_id, call=call, key=key, dry_run=dry_run
        )

    def grant_within(
        self,
        transaction: Transaction,
        now: datetime,
        *,
        by: Actor | None,
        account_id: int,
        account_name: str,
        role: Role,
        body: Any,
        revoke: bool = False,
    ) -> bool:
        """Grant or end a role inside an open transaction; return whether anything changed.

        The caller holds the account's row, so that two grants at once see each other.
        """
        if body.kind not in SCOPES[role]:
            raise Refused(
                [
                    Refusal(
                        "role_wrong_scope",
                        {
                            "role": role.value,
                            "body": body.name,
                            "kind": str(body.kind),
                            "known": tuple(sorted(SCOPES[role])),
                        },
                    )
                ]
            )
        active = transaction.one(
            _ACTIVE_GRANT, account_id=account_id, role=role.value, body_id=body.id
        )
        if (active is not None) is not revoke:
            return False
        if not revoke:
            self._refuse_grant(transaction, by, account_id, account_name, role, now=now)
        if revoke:
            if role is Role.ADMINISTRATOR:
                self._keep_one_administrator(transaction, account_id, now)
            transaction.run(_END_GRANT, grant_id=active.id, at=now)
        else:
            transaction.run(
                _ADD_GRANT,
                account_id=account_id,
                role=role.value,
                body_id=body.id,
                granted_by=by.account_id if by else None,
                granted_at=now,
            )
        audit.record(
            transaction,
            "role_revoked" if revoke else "role_granted",
            at=now,
            origin=self._runtime.origin(by.name if by else audit.SYSTEM_ACTOR),
            account=account_name,
            role=role.value,
            body=body.code,
        )
        notices.duty(transaction, account_id, role, body=body.code, taken=revoke, now=now)
        return True

    @staticmethod
    def _refuse_grant(
        transaction: Transaction,
        by: Actor | None,
        account_id: int,
        account_name: str,
        role: Role,
        *,
        now: datetime,
    ) -> None:
        """Refuse what would let one person give themselves a say, or administer and decide."""
        refusals = []
        about = {"name": account_name, "role": role.value}
        if by is not None and by.account_id == account_id:
            refusals.append(Refusal("grant_to_oneself", about))
        actor = load_actor(transaction, account_id, now=now)
        roles = {role} | (actor.roles if actor else frozenset())
        others = sorted(roles - NEITHER_DECIDE_NOR_READ)
        if Role.ADMINISTRATOR in roles and others:
            about = {"name": account_name, "role": others[0].value}
            refusals.append(Refusal("administrator_apart", about))
        elif role is Role.ADMINISTRATOR and capacities.open_of(transaction, account_id, now):
            refusals.append(Refusal("delegation_stands", {"name": account_name}))
        if refusals:
            raise Refused(refusals)

    def login(self, name: str, password: str, *, for_jobs: bool = False) -> tuple[str, Session]:
        """Check a password and return a new token, shown this once, with its session.

        A token ``for_jobs`` is for unit files and timers: it runs the jobs, opens nothing else and
        lasts longer. Only an administrator gets one, and the trail says so.

        An unknown name costs as much time as a wrong password, and gets the same answer as that, a
        locked and a disabled account: ``NotSignedIn('login_failed')``. Who knows a one-time
        password that is too old is told so: ``one_time_expired``.
        """
        failed: GongkaiError | None = None
        token = "gk_" + secrets.token_urlsafe(_TOKEN_BYTES)
        session: Session | None = None
        # What cannot be a name is nobody's; not every database could even be asked for it.
        known = self._password_hash_of(name) if NAME.match(name) else None
        right = self._verified(known, password)
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            account = transaction.one(_BY_NAME, name=name) if known is not None else None
            if account is None or _is_locked(account, now):
                failed = NotSignedIn("login_failed")
            elif not right or account.password_hash != known:
                self._count_failure(transaction, account, now)
                failed = NotSignedIn("login_failed")
            elif not account.enabled:
                failed = NotSignedIn("login_failed")
            elif _is_too_old(account, now):
                failed = NotSignedIn("one_time_expired")
            else:
                session = self._open(transaction, account, token, password, now, for_jobs=for_jobs)
        # The count of failures must be saved, so the refusal is raised after the commit.
        if failed is not None:
            raise failed
        if session is None:
            raise RuntimeError(name)
        return token, session

    def _password_hash_of(self, name: str) -> str | None:
        with self._runtime.database.read() as connection:
            return connection.execute(
                select(_account.c.password_hash).where(_account.c.name == name)
            ).scalar_one_or_none()

    def _verified(self, known: str | None, password: str) -> bool:
        # Outside of any transaction: hashing takes tens of milliseconds and must hold no lock.
        from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415

        secret = password.encode("utf-8", "surrogatepass")
        if known is None:
            self._hasher.hash(secret)
            return False
        try:
            return self._hasher.verify(known, secret)
        except (VerificationError, InvalidHashError):
            return False

    def _count_failure(
        self, transaction: Transaction, account: Any, now: datetime
    ) -> datetime | None:
        """Count a wrong password; return until when the account is locked, if it is now."""
        failures = account.failures + 1
        locked_until = None
        if failures > FREE_FAILURES:
            wait = min(FIRST_WAIT * 2 ** min(failures - FREE_FAILURES - 1, 10), LONGEST_WAIT)
            locked_until = now + wait
            audit.record(
                transaction,
                "login_locked",
                at=now,
                origin=self._runtime.origin(audit.SYSTEM_ACTOR),
                account=account.name,
                failures=failures,
                until=locked_until,
            )
        transaction.run(
            _SET_FAILURES, account_id=account.id, failures=failures, locked_until=locked_until
        )
        return locked_until

    def _open(
        self,
        transaction: Transaction,
        account: Any,
        token: str,
        password: str,
        now: datetime,
        *,
        for_jobs: bool,
    ) -> Session:
        scope = TokenScope.JOBS if for_jobs else TokenScope.ALL
        expires_at = now + self._lasts[scope]
        if for_jobs:
            if account.must_change:
                raise NotSignedIn("password_change_owed", name=account.name)
            demand_role(transaction, account.id, Role.ADMINISTRATOR, now=now)
            audit.record(
                transaction,
                "jobs_token_made",
                at=now,
                origin=self._runtime.origin(account.name),
                account=account.name,
                expires_at=expires_at,
            )
        if account.failures:
            transaction.run(_SET_FAILURES, account_id=account.id, failures=0, locked_until=None)
        if self._hasher.check_needs_rehash(account.password_hash):
            transaction.run(
                _SET_PASSWORD,
                account_id=account.id,
                password_hash=self._hasher.hash(password),
                must_change=account.must_change,
                password_expires_at=account.password_expires_at,
            )
        transaction.run(
            _ADD_TOKEN,
            account_id=account.id,
            hash=token_hash(token),
            created_at=now,
            expires_at=expires_at,
            scope=scope,
        )
        return Session(
            account.id,
            account.name,
            account.display_name,
            account.language,
            account.must_change,
            expires_at,
        )

    def session(
        self, token: str, *, may_owe_change: bool = False, for_jobs: bool = False
    ) -> Session:
        """Return whose ``token`` it is; raises ``NotSignedIn`` saying what to do.

        A one-time password opens nothing but the change of password (``may_owe_change``), and a
        token of the scope ``jobs`` nothing but the jobs (``for_jobs``): else
        ``Refused('token_for_jobs')``.
        """
        with self._runtime.database.read() as connection:
            row = connection.execute(_TOKEN.clause, {"hash": token_hash(token)}).first()
        if row is None or not row.enabled:
            raise NotSignedIn("token_unknown")
        if row.revoked_at is not None:
            raise NotSignedIn("token_revoked", name=row.name)
        if row.expires_at <= self._runtime.clock():
            raise NotSignedIn("token_expired", name=row.name, at=row.expires_at)
        if row.held_at is not None and row.created_at < row.held_at:
            # It may have been revoked since, which a restored database does not know.
            raise NotSignedIn("token_before_restore", name=row.name, at=row.held_at)
        if row.scope is TokenScope.JOBS and not for_jobs:
            raise Refused([Refusal("token_for_jobs", {"name": row.name})])
        if row.must_change and not may_owe_change:
            raise NotSignedIn("password_change_owed", name=row.name)
        return Session(
            row.account_id,
            row.name,
            row.display_name,
            row.language,
            row.must_change,
            row.expires_at,
        )

    def logout(self, token: str) -> bool:
        """End one login; return whether it was open."""
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            return bool(transaction.count(_REVOKE_ONE, hash=token_hash(token), at=now))

    def change_password(self, session: Session, *, old: str, new: str) -> dict[str, Any]:
        """Change one's own password; every login of the account ends, this one too."""
        known = self._password_hash_of(session.name)
        right = self._verified(known, old)
        new_hash = self.hash_password(new, name=session.name)
        if right and old == new:
            raise InvalidInput("password_same")
        failed: GongkaiError | None = None
        with self._runtime.database.transaction() as transaction:
            now = self._runtime.clock()
            account = find_account(transaction, session.name)
            if _is_locked(account, now):
                failed = NotSignedIn("login_locked", until=account.locked_until)
            elif not right or account.password_hash != known:
                until = self._count_failure(transaction, account, now)
                failed = NotSignedIn("login_failed")
                if until is not None:
                    failed = NotSignedIn("login_locked", until=until)
            elif _is_too_old(account, now):
                failed = NotSignedIn("one_time_expired")
            else:
                transaction.run(
                    _SET_PASSWORD,
                    account_id=account.id,
                    password_hash=new_hash,
                    must_change=False,
                    password_expires_at=None,
                )
                transaction.run(_REVOKE_ALL, account_id=account.id, at=now)
                audit.record(
                    transaction,
                    "password_changed",
                    at=now,
                    origin=self._runtime.origin(session.name),
                    account=session.name,
                )
        if failed is not None:
            raise failed
        return {"name": session.name}

    def _keep_one_administrator(
        self, transaction: Transaction, account_id: int, now: datetime
    ) -> None:
        # One after the other: else two administrators could remove each other at the same time.
        audit.hold(transaction)
        actor = load_actor(transaction, account_id, now=now)
        held = {grant.role for grant in actor.grants} if actor else set()
        alone = transaction.one(_OTHER_ADMINISTRATOR, account_id=account_id) is None
        if Role.ADMINISTRATOR in held and alone:
            raise Refused([Refusal("last_administrator")])


def _is_locked(account: Any, now: datetime) -> bool:
    return account.locked_until is not None and bool(account.locked_until > now)


def _is_too_old(account: Any, now: datetime) -> bool:
    expires_at = account.password_expires_at
    return expires_at is not None and bool(expires_at <= now)


def _one_time_password() -> str:
    """Make a password that is read over the telephone: no letters that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ["".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4)]
    return "-".join(groups)
