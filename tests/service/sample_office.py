"""A small office with one or two people in each role, in which every part is the real one.

It is filled once for each policy and then copied, so that a test gets a whole office in the time
of a file copy. Its clock stands still; its passwords are cheap to check; nobody in it is real.
"""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from sqlalchemy import select

from workflow import audit, organisation, policy
from workflow.errors import GongkaiError, Refused
from workflow.guards import Role, Wish
from workflow.intake import Upload
from workflow.machine import Action, StageKind, State
from workflow.models import Account, AuditEntry, Decision, Delivery, Item, Table, table
from workflow.publishing import Publisher
from workflow.runtime import SHANGHAI
from workflow.settings import Application, bootstrap, load_settings
from workflow.testing import FrozenClock, MemoryChannel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from workflow.accounts import Accounts
    from workflow.database import Database
    from workflow.office import OfficeService
    from workflow.policy import Policy
    from workflow.publishing import Sent
    from workflow.queries import Queries
    from workflow.service import WorkflowService

START: Final = datetime(2017, 1, 20, 9, 0, tzinfo=SHANGHAI)
"""A Friday, a week before the Spring Festival of 2017."""
CIVIL: Final = "YL-CIVIL"
FINANCE: Final = "YL-FINANCE"
PASSWORD: Final = "yangli mima 2017"
PEOPLE: Final[Mapping[str, tuple[Role, str]]] = {
    "clerk": (Role.CLERK, CIVIL),
    "colleague": (Role.CLERK, CIVIL),
    "deputy": (Role.DEPUTY_HEAD, CIVIL),
    "head": (Role.DEPARTMENT_HEAD, CIVIL),
    "head2": (Role.DEPARTMENT_HEAD, CIVIL),
    "keeper": (Role.SEAL_KEEPER, CIVIL),
    "keeper2": (Role.SEAL_KEEPER, CIVIL),
    "reviewer": (Role.CONFIDENTIALITY_REVIEWER, "YL-DISTRICT"),
    "reviewer2": (Role.CONFIDENTIALITY_REVIEWER, CIVIL),
    "final": (Role.FINAL_REVIEWER, "YL-CENTRE"),
    "final2": (Role.FINAL_REVIEWER, "YL-CENTRE"),
    "publisher": (Role.PUBLISHER, "YL-CENTRE"),
    "publisher2": (Role.PUBLISHER, "YL-CENTRE"),
    "receiver": (Role.READING_POINT_CLERK, "YL-LIBRARY"),
    "supervisor": (Role.SUPERVISOR, "YL-ORGANISING"),
    "auditor": (Role.AUDITOR, "YL-DISTRICT"),
    "admin": (Role.ADMINISTRATOR, "YL-DISTRICT"),
    "admin2": (Role.ADMINISTRATOR, "YL-DISTRICT"),
    "outsider": (Role.CLERK, FINANCE),
    "outhead": (Role.DEPARTMENT_HEAD, FINANCE),
}
"""Everybody's role and the body it is held for; ``admin`` is the first administrator."""
HOLDER: Final = {
    Role.CLERK: "clerk",
    Role.DEPUTY_HEAD: "deputy",
    Role.DEPARTMENT_HEAD: "head",
    Role.SEAL_KEEPER: "keeper",
    Role.CONFIDENTIALITY_REVIEWER: "reviewer",
    Role.FINAL_REVIEWER: "final",
}
"""Who decides at a stage when a test does not care who."""
VERB: Final = {
    StageKind.OPINION: Action.SIGN_OFF,
    StageKind.SIGN_OFF: Action.SIGN_OFF,
    StageKind.SEAL: Action.SEAL,
    StageKind.FINAL_REVIEW: Action.APPROVE,
}
CONCLUSION: Final = {
    "proactive": Action.REVIEW_DISCLOSE,
    "on_request": Action.REVIEW_ON_REQUEST_ONLY,
    "not_disclosed": Action.REVIEW_WITHHOLD,
}
"""The conclusion that confirms an attribute."""

_account, _item, _entry = table(Account), table(Item), table(AuditEntry)
_decision, _delivery = table(Decision), table(Delivery)


def upload(name: str, content: bytes) -> Upload:
    """Return a file to attach, held in memory."""
    return Upload(name, partial(io.BytesIO, content))


class SampleOffice:
    """An office on a database of its own; ``home`` holds its attachments and its site."""

    def __init__(self, app: Application, clock: FrozenClock, *, address: str, home: Path) -> None:
        """Use the parts of ``app``; see :meth:`open`."""
        self.app = app
        self.clock = clock
        self.address = address
        self.home = home
        self._drafts = 0
        self._numbers: dict[str, int] = {}

    @classmethod
    def fill(cls, address: str, home: Path, *, code: str) -> None:
        """Begin an office under the policy ``code`` in an empty database, with all its people."""
        settings = _settings(address, home)
        app = _standing(bootstrap(settings, channel="test", create=True), FrozenClock(START))
        app.database.upgrade()
        app.office.begin(
            name="",
            rehearsal=True,
            organisation_=organisation.shipped("sample_small"),
            policy=policy.shipped(code),
            admin="admin",
            admin_display_name="样例：admin",
            password=PASSWORD,
            language="zh",
        )
        office = cls(app, FrozenClock(START), address=address, home=home)
        for name, (role, body) in PEOPLE.items():
            if name != "admin":
                office.accounts.add(office["admin"], name, display_name=f"样例：{name}")
                office.accounts.grant(office["admin"], name, role, body=body)
        app.database.dispose()

    @classmethod
    def open(
        cls,
        address: str,
        home: Path,
        *,
        now: datetime = START,
        observe: Callable[[str], None] | None = None,
        **settings: str,
    ) -> SampleOffice:
        """Open a filled office; ``settings`` are those of the environment, without a prefix."""
        clock = FrozenClock(now)
        # The time of the office counts from the first look at its database on.
        settings["NOW"] = now.isoformat()
        app = bootstrap(_settings(address, home, **settings), channel="test", observe=observe)
        return cls(_standing(app, clock), clock, address=address, home=home)

    def again(
        self, *, observe: Callable[[str], None] | None = None, **settings: str
    ) -> SampleOffice:
        """Open the same office a second time, as another process would."""
        return SampleOffice.open(
            self.address, self.home, now=self.clock(), observe=observe, **settings
        )

    def close(self) -> None:
        """Close its connections."""
        self.app.database.dispose()

    # -- its parts ---------------------------------------------------------------------------

    @property
    def service(self) -> WorkflowService:
        """The one door."""
        return self.app.service

    @property
    def queries(self) -> Queries:
        """Reading."""
        return self.app.queries

    @property
    def accounts(self) -> Accounts:
        """People."""
        return self.app.accounts

    @property
    def bureau(self) -> OfficeService:
        """The office as a whole."""
        return self.app.office

    @property
    def database(self) -> Database:
        """The connected database."""
        return self.app.database

    def publisher(self, channel: MemoryChannel) -> Publisher:
        """Return a publisher that delivers to a channel in memory."""
        return Publisher(
            self.app.runtime,
            self.service,
            channel,
            catalogue=self.app.catalogue,
            open_attachment=self.app.blobs.open,
            watch=self.app.watch,
        )

    # -- what is in it -----------------------------------------------------------------------

    def __getitem__(self, name: str) -> int:
        """Return the number of somebody's account."""
        if name not in self._numbers:
            with self.database.read() as connection:
                rows = connection.execute(select(_account.c.name, _account.c.id))
                self._numbers.update((row.name, row.id) for row in rows)
        return self._numbers[name]

    def row(self, item: int) -> Any:
        """Return an item's row."""
        with self.database.read() as connection:
            return connection.execute(select(_item).where(_item.c.id == item)).one()

    def place(self, item: int) -> str:
        """Return the stage that an item is pending at, or else its state."""
        row = self.row(item)
        return row.stage if row.state is State.PENDING else str(row.state)

    def policy(self, item: int) -> Policy:
        """Return the policy that an item is under."""
        with self.database.read() as connection:
            return self.queries.policies(connection)[self.row(item).policy_digest]

    def decisions(self, item: int) -> list[Any]:
        """Return the rows of all decisions on an item, first one first."""
        with self.database.read() as connection:
            return list(
                connection.execute(
                    select(_decision).where(_decision.c.item_id == item).order_by(_decision.c.id)
                )
            )

    def standing(self, item: int) -> set[str]:
        """Return the stages that hold a decision which nothing has voided."""
        return {row.stage for row in self.decisions(item) if row.positive and row.voided_at is None}

    def deliveries(self, item: int) -> list[Any]:
        """Return the rows of what was owed for an item, first one first."""
        with self.database.read() as connection:
            return list(
                connection.execute(
                    select(_delivery).where(_delivery.c.item_id == item).order_by(_delivery.c.id)
                )
            )

    def events(self, item: int | None = None) -> list[str]:
        """Return the events in an item's trail, or in the system's."""
        return [entry.event for entry in self.trail(item)]

    def trail(self, item: int | None = None) -> list[Any]:
        """Return the entries of an item's trail, or of the system's."""
        subject = audit.SYSTEM if item is None else audit.item_subject(item)
        with self.database.read() as connection:
            return list(
                connection.execute(
                    select(_entry).where(_entry.c.subject == subject).order_by(_entry.c.seq)
                )
            )

    def faults(self) -> list[audit.Fault]:
        """Return what is wrong in any chain of the trail."""
        with self.database.read() as connection:
            return [each for each in audit.verify(connection) if isinstance(each, audit.Fault)]

    def everything(self) -> dict[str, list[str]]:
        """Return every row of every table and the name of every stored file, to compare."""
        with self.database.read() as connection:
            found = {
                each.name: sorted(map(repr, connection.execute(select(each))))
                for each in Table.metadata.sorted_tables
            }
        return found | {"files": sorted(self.app.blobs.stored())}

    # -- what is done in it ------------------------------------------------------------------

    def fields(self, **changes: Any) -> dict[str, Any]:
        """Return the fields of a complete draft whose text occurs nowhere else."""
        self._drafts += 1
        return {
            "title": f"样例文件第{self._drafts}号",
            "body": f"样例正文，第{self._drafts}号。",
            "formed_on": "2017-01-10",
            "attribute": "proactive",
            "category": "annual_report",
        } | changes

    def draft(
        self,
        *,
        by: str = "clerk",
        department: str = CIVIL,
        changes: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> int:
        """Enter a draft and return its number; ``options`` are those of the service."""
        fields = self.fields(**(changes or {}))
        answer = self.service.create(self[by], fields, department=department, **options)
        number: int = answer["item"]
        return number

    def act(
        self,
        item: int,
        action: Action,
        by: str,
        *,
        key: str | None = None,
        dry_run: bool = False,
        **wish: Any,
    ) -> dict[str, Any]:
        """Do something to an item as it is now; ``wish`` is what is said with it."""
        return self.service.perform(
            item,
            action,
            self[by],
            seen=self.row(item).version,
            wish=Wish(**wish),
            key=key,
            dry_run=dry_run,
        )

    def give(self, name: str, role: Role, *, body: str = CIVIL, revoke: bool = False) -> None:
        """Give somebody one more role, or take it away."""
        self.accounts.grant(self["admin"], name, role, body=body, revoke=revoke)

    def revise(self, item: int, by: str = "clerk", /, **changes: Any) -> dict[str, Any]:
        """Change fields of a draft as it is now."""
        return self.service.revise(item, self[by], changes, seen=self.row(item).version)

    def give_back(self, item: int, by: str, *, to: str = "draft") -> dict[str, Any]:
        """Return an item with a reason."""
        return self.act(item, Action.RETURN, by, to=to, reason="样例理由", reason_code="wording")

    def decide(self, item: int, by: str | None = None, **wish: Any) -> dict[str, Any]:
        """Take the positive decision that the item waits for, whatever it is."""
        row, stage = self.row(item), self.policy(item).stage(self.place(item))
        action = VERB.get(stage.kind) or CONCLUSION[row.attribute]
        return self.act(item, action, by or HOLDER[Role(stage.role)], **wish)

    def carry(self, item: int, *, to: str) -> int:
        """Carry an item to a stage or a state by positive decisions, and return its number."""
        for _ in range(20):
            here = self.place(item)
            if here == to:
                return item
            if here == State.DRAFT:
                self.act(item, Action.SUBMIT, "clerk")
            elif here == State.CLEARED:
                self.act(item, Action.PUBLISH, "publisher")
            elif here == State.PUBLISHING:
                self.deliver(item)
            else:
                self.decide(item)
        raise AssertionError(f"{item} does not come to {to}")

    def item_at(self, place: str, **changes: Any) -> int:
        """Return a new item that was carried to ``place``."""
        return self.carry(self.draft(changes=changes), to=place)

    def deliver(self, item: int) -> Sent | None:
        """Deliver to the website what is owed for an item."""
        return self.app.publisher.dispatch_item(item)

    @contextmanager
    def refused(
        self, *codes: str, by: type[GongkaiError] = Refused
    ) -> Iterator[pytest.ExceptionInfo[GongkaiError]]:
        """Expect an error with exactly these codes, and that nothing at all has changed."""
        before = self.everything()
        with pytest.raises(by) as caught:
            yield caught
        error = caught.value
        refusals = [each.code for each in error.refusals] if isinstance(error, Refused) else []
        assert list(codes) == (refusals or [error.code])
        assert before == self.everything()

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Expect that nothing at all has changed."""
        before = self.everything()
        yield
        assert before == self.everything()


def _settings(address: str, home: Path, **more: str) -> Any:
    environment = {
        "HOME": str(home),
        "DATABASE_URL": address,
        "SITE_NAME": "样例网站",
        "PASSWORD_MEMORY_KIB": "64",
        "PASSWORD_ROUNDS": "1",
    } | {name.upper(): value for name, value in more.items()}
    return load_settings({f"GONGKAI_{name}": value for name, value in environment.items()})


def _standing(app: Application, clock: FrozenClock) -> Application:
    """Return the application with a clock that stands."""
    return replace(app, runtime=replace(app.runtime, clock=clock))
