"""Settings from the environment and a file, and how the parts are put together.

Every setting is an environment variable ``GONGKAI_…`` and may stand in the TOML file that
``GONGKAI_CONFIG`` names, under its lower-case name without the prefix; the environment wins. What
is secret may also stand alone in a file that the variable with ``_FILE`` behind its name names.
:func:`bootstrap` is the one place that knows all the parts.
"""

from __future__ import annotations

import os
import socket
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from workflow.database import SCHEMA, Database, connect, sqlite_file
from workflow.errors import InvalidInput, NotFound, Refusal, Refused, Unavailable
from workflow.revisions import Limits
from workflow.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from workflow.accounts import Accounts
    from workflow.alert_boards import AlertBoard
    from workflow.blobs import BlobStore
    from workflow.boards import Boards
    from workflow.catalogue import PublishedCatalogue
    from workflow.channels import SiteIdentity
    from workflow.channels.alerting import AlertChannel
    from workflow.channels.mail import Sender
    from workflow.channels.website import Website
    from workflow.consulting import Consulting
    from workflow.contacts import Contacts
    from workflow.delegations import Delegations
    from workflow.deliveries import Deliveries
    from workflow.dispatching import Dispatcher
    from workflow.enforcement import Enforcer
    from workflow.holding import Watch
    from workflow.intake import Intake
    from workflow.journal import Journal
    from workflow.office import OfficeFacts, OfficeService
    from workflow.publishing import Publisher
    from workflow.queries import Queries
    from workflow.reading_points import ReadingPoints
    from workflow.reports import Reports
    from workflow.restoring import Restoring
    from workflow.service import WorkflowService
    from workflow.succession import Succession
    from workflow.timekeeping import Timekeeper
    from workflow.waivers import Waivers

PREFIX: Final = "GONGKAI_"
MAX_BYTES: Final = 1024 * 1024
"""The largest file of settings that is read, in bytes."""
_FIRST_YEAR: Final = 1949
_LAST_YEAR: Final = 2999


class Settings(BaseSettings):
    """All settings; what each one means is in the catalogue of messages."""

    # A variable that is set to nothing counts as not set, here as in load_settings().
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("gongkai", appauthor=False))
    )
    database_url: SecretStr | None = None
    broker_url: SecretStr | None = None
    token: SecretStr | None = None
    config: Path | None = None
    lang: Literal["zh", "en"] | None = None
    now: datetime | None = None
    site_directory: Path | None = None
    site_address: str = "http://localhost/"
    site_name: str = ""
    site_id_code: str = ""
    site_language: Literal["zh", "en"] = "zh"
    site_sponsor: str = ""
    site_contact: str = ""
    site_icp_number: str = ""
    site_police_record: str = ""
    site_mark_url: str = ""
    site_report_error_url: str = ""
    smtp_url: SecretStr | None = None
    smtp_ca_file: Path | None = None
    mail_from: str = ""
    alert_directory: Path | None = None
    alert_web: bool = True
    alert_plain_http: bool = False
    dingtalk_base_url: str = "https://oapi.dingtalk.com"
    wecom_base_url: str = "https://qyapi.weixin.qq.com"
    feishu_base_url: str = "https://open.feishu.cn"
    alert_proxy: SecretStr | None = None
    # A task that sends has 240 seconds in all.
    alert_timeout_seconds: float = Field(default=20, ge=1, le=120)
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    jobs_token_days: int = Field(default=400, ge=1, le=3660)
    ping_url: SecretStr | None = None
    ping_file: Path | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    log_format: Literal["json", "text"] | None = None
    body_bytes: int = Field(default=2 * 1024 * 1024, ge=1, le=64 * 1024 * 1024)
    attachment_bytes: int = Field(default=100 * 1024 * 1024, ge=1, le=2 * 1024**3)
    attachments: int = Field(default=50, ge=0, le=1000)
    # Argon2 wants at least eight KiB for each of its four lanes.
    password_memory_kib: int = Field(default=65536, ge=32, le=4 * 1024 * 1024)
    password_rounds: int = Field(default=3, ge=1, le=100)

    @field_validator("ping_url")
    @classmethod
    def _is_web_address(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("http://", "https://")):
            raise ValueError("no_web_address")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the environment and what is passed in, and nothing else."""
        del settings_cls, dotenv_settings, file_secret_settings
        return (env_settings, init_settings)

    @property
    def database_address(self) -> str:
        """The database's address; a SQLite file in the data directory unless set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        path = str(self.home / "gongkai.db")
        # What a directory may be called can mean something else in an address.
        return "sqlite:///" + path.replace("%", "%25").replace("?", "%3F")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file; ``None`` where a server holds the database."""
        return sqlite_file(self.database_address)

    @property
    def journal(self) -> Path:
        """The file of what was sent; it is never put back together with the database."""
        return self.home / "journal" / "sent.jsonl"

    @property
    def site(self) -> Path:
        """The directory of the published site."""
        return self.site_directory or self.home / "site"

    @property
    def site_here(self) -> bool:
        """Tell whether this machine holds the site: somebody said so, or it holds everything.

        A machine that only knows the address of a distant database must not publish into a
        directory of its own that no reader will ever see.
        """
        said = self.site_directory is not None or "home" in self.model_fields_set
        return said or self.database_url is None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from: ``environment``, ``secret_file``, ``file`` or ``default``."""

    name: str
    value: str
    origin: str
    secret: bool


_SECRET: Final = frozenset(
    {"database_url", "broker_url", "token", "smtp_url", "alert_proxy", "ping_url"}
)


def secret_files(environment: Mapping[str, str] | None = None) -> dict[str, Path]:
    """Return the files that ``GONGKAI_…_FILE`` name, by the secret setting that each one holds."""
    environment = os.environ if environment is None else environment
    named = {name: environment.get(f"{PREFIX}{name.upper()}_FILE") for name in sorted(_SECRET)}
    return {name: Path(path) for name, path in named.items() if path}


def _secret(path: Path) -> str:
    """Return what a file of one secret holds, without the ends of lines behind it."""
    try:
        with path.open("rb") as file:
            value = file.read(MAX_BYTES).decode("utf-8").rstrip("\r\n")
    except FileNotFoundError as error:
        raise InvalidInput("file_missing", path=str(path)) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("file_not_utf8", path=str(path)) from error
    except OSError as error:
        raise InvalidInput("file_unreadable", path=str(path), problem=error.strerror) from error
    if not value:
        raise InvalidInput("secret_empty", path=str(path))
    return value


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raises ``InvalidInput('setting_wrong')`` naming the one that is wrong."""
    environment = os.environ if environment is None else environment
    values = _file_values(environment.get(f"{PREFIX}CONFIG"))
    values |= {
        name: environment[PREFIX + name.upper()]
        for name in Settings.model_fields
        if environment.get(PREFIX + name.upper())
    }
    for name, path in secret_files(environment).items():
        if environment.get(PREFIX + name.upper()):
            raise InvalidInput("setting_twice", name=PREFIX + name.upper())
        values[name] = _secret(path)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        shown = "***" if name in _SECRET else str(first["input"])
        raise _wrong(name, shown, _kind(first["type"]), _bound(first.get("ctx", {}))) from error
    if settings.now is not None:
        problem, bound = None, ""
        if settings.now.utcoffset() is None:
            problem = "no_offset"
        elif not _FIRST_YEAR <= settings.now.year <= _LAST_YEAR:
            problem, bound = "outside", f"{_FIRST_YEAR}–{_LAST_YEAR}"
        if problem is not None:
            raise _wrong("now", str(settings.now), problem, bound)
    return settings


def _wrong(name: str, value: str, problem: str, bound: str = "") -> InvalidInput:
    """Return the error of a setting: ``problem`` is named by the catalogue, in both languages."""
    setting = PREFIX + name.upper()
    return InvalidInput("setting_wrong", name=setting, value=value, problem=problem, bound=bound)


_KINDS: Final = {
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
    "literal_error": "unknown_value",
    "int_parsing": "no_integer",
    "int_from_float": "no_integer",
    "float_parsing": "no_number",
    "bool_parsing": "no_boolean",
    "value_error": "no_web_address",
}
"""What is wrong with a value, by the name that the library has for it."""


def _kind(told: str) -> str:
    return _KINDS.get(told, "no_instant" if told.startswith("datetime") else "unusable")


def _bound(context: Mapping[str, Any]) -> str:
    """Return the least, the largest or the known values, as far as there are any."""
    if "expected" in context:
        return ", ".join(str(context["expected"]).replace("'", "").split(" or "))
    return str(context.get("ge", context.get("le", "")))


def _file_values(path: str | None) -> dict[str, Any]:
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InvalidInput("file_too_large", path=path, limit=MAX_BYTES)
        values = tomllib.loads(data.decode("utf-8"))
    except FileNotFoundError as error:
        raise InvalidInput("file_missing", path=path) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("file_not_utf8", path=path) from error
    except (ValueError, RecursionError) as error:
        # The parser also gives up on numbers of thousands of digits and on endless nesting.
        raise InvalidInput("file_not_toml", path=path, problem=str(error)) from error
    except OSError as error:
        raise InvalidInput("file_unreadable", path=path, problem=error.strerror) from error
    for name, value in values.items():
        if name not in Settings.model_fields:
            raise InvalidInput(
                "setting_unknown", name=name, path=path, known=tuple(Settings.model_fields)
            )
        if isinstance(value, (dict, list)):
            # Not shown: it may be nested more deeply than anything can be written.
            raise _wrong(name, "…", "not_single")
    return values


def origins(settings: Settings, environment: Mapping[str, str] | None = None) -> list[Origin]:
    """Return each setting with its value (secrets masked) and where it comes from."""
    environment = os.environ if environment is None else environment
    in_file = _file_values(environment.get(f"{PREFIX}CONFIG"))
    secrets = secret_files(environment)
    found = []
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if name == "database_url" and value is None:
            shown = settings.database_address
        elif name in _SECRET:
            shown = "***" if value is not None else ""
        elif name == "site_directory":
            shown = str(settings.site)
        else:
            shown = "" if value is None else str(value)
        if environment.get(PREFIX + name.upper()):
            origin = "environment"
        elif name in secrets:
            origin = "secret_file"
        else:
            origin = "file" if name in in_file else "default"
        found.append(Origin(PREFIX + name.upper(), shown, origin, name in _SECRET))
    return found


@dataclass(frozen=True)
class Application:
    """All parts, put together; each is made when it is first used."""

    settings: Settings
    runtime: Runtime
    # The office's row is read once by :func:`bootstrap`; a database being made has none yet.
    office_facts: OfficeFacts | None = None

    @property
    def database(self) -> Database:
        """The connected database."""
        return self.runtime.database

    @cached_property
    def accounts(self) -> Accounts:
        """People."""
        from argon2 import PasswordHasher  # noqa: PLC0415 # needed for logins only

        from workflow.accounts import Accounts  # noqa: PLC0415

        hasher = PasswordHasher(
            time_cost=self.settings.password_rounds, memory_cost=self.settings.password_memory_kib
        )
        return Accounts(
            self.runtime,
            hasher,
            session=timedelta(hours=self.settings.session_hours),
            for_jobs=timedelta(days=self.settings.jobs_token_days),
        )

    @cached_property
    def delegations(self) -> Delegations:
        """Who stands in for whom."""
        from workflow.delegations import Delegations  # noqa: PLC0415

        return Delegations(self.runtime, intake=self.intake)

    @cached_property
    def waivers(self) -> Waivers:
        """What is lifted for whom."""
        from workflow.waivers import Waivers  # noqa: PLC0415

        return Waivers(self.runtime, intake=self.intake)

    @cached_property
    def blobs(self) -> BlobStore:
        """The store of attached files."""
        from workflow.blobs import BlobStore  # noqa: PLC0415

        return BlobStore(self.settings.home / "blobs")

    @cached_property
    def journal(self) -> Journal:
        """What has left this office, outside of the database."""
        from workflow.journal import Journal  # noqa: PLC0415

        return Journal(self.settings.journal)

    @cached_property
    def watch(self) -> Watch:
        """Notices a database that was put back from a backup."""
        from workflow.holding import Watch  # noqa: PLC0415

        return Watch(self.runtime, self.journal)

    @cached_property
    def limits(self) -> Limits:
        """How much the office takes in."""
        return Limits(
            body_bytes=self.settings.body_bytes,
            attachment_bytes=self.settings.attachment_bytes,
            attachments=self.settings.attachments,
        )

    @cached_property
    def intake(self) -> Intake:
        """Screens and stores what people hand in."""
        from workflow.intake import Intake  # noqa: PLC0415

        return Intake(self.runtime, self.blobs, self.limits)

    @cached_property
    def service(self) -> WorkflowService:
        """The one door through which an item changes."""
        from workflow.seals import RegisterSeal  # noqa: PLC0415
        from workflow.service import WorkflowService  # noqa: PLC0415

        return WorkflowService(
            self.runtime,
            intake=self.intake,
            limits=self.limits,
            seal=RegisterSeal(),
        )

    @cached_property
    def succession(self) -> Succession:
        """What merged bodies have left under way."""
        from workflow.succession import Succession  # noqa: PLC0415

        return Succession(self.runtime, self.accounts, self.intake)

    @cached_property
    def office(self) -> OfficeService:
        """The office as a whole."""
        from workflow.office import OfficeService  # noqa: PLC0415

        return OfficeService(
            self.runtime,
            self.accounts,
            blobs=self.blobs,
            intake=self.intake,
            journal=self.journal,
        )

    @cached_property
    def timekeeper(self) -> Timekeeper:
        """Calendars and clocks."""
        from workflow.timekeeping import Timekeeper  # noqa: PLC0415

        return Timekeeper(self.runtime, self.intake)

    @cached_property
    def restoring(self) -> Restoring:
        """What is done after the database was put back from a backup."""
        from workflow.restoring import Restoring  # noqa: PLC0415

        site = self.settings.site if self.settings.site_here else None
        return Restoring(self.runtime, self.intake, journal=self.journal, site=site)

    @cached_property
    def enforcer(self) -> Enforcer:
        """The sweep of deadlines."""
        from workflow.enforcement import Enforcer  # noqa: PLC0415

        return Enforcer(self.runtime)

    @cached_property
    def queries(self) -> Queries:
        """Reading."""
        from workflow.queries import Queries  # noqa: PLC0415

        return Queries(self.runtime)

    @cached_property
    def reading_points(self) -> ReadingPoints:
        """What is done with deliveries to reading points."""
        from workflow.reading_points import ReadingPoints  # noqa: PLC0415

        return ReadingPoints(self.runtime, self.intake)

    @cached_property
    def consulting(self) -> Consulting:
        """What is asked of other bodies before something is published."""
        from workflow.consulting import Consulting  # noqa: PLC0415

        return Consulting(self.runtime, self.intake)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What is owed and was delivered to reading points."""
        from workflow.deliveries import Deliveries  # noqa: PLC0415

        return Deliveries(self.runtime, self.queries)

    @cached_property
    def boards(self) -> Boards:
        """Clocks, as people read them."""
        from workflow.boards import Boards  # noqa: PLC0415

        return Boards(self.runtime, self.queries)

    @cached_property
    def reports(self) -> Reports:
        """What clocks add up to."""
        from workflow.reports import Reports  # noqa: PLC0415

        return Reports(self.runtime, self.queries, self.boards)

    @cached_property
    def catalogue(self) -> PublishedCatalogue:
        """What is published."""
        from workflow.catalogue import PublishedCatalogue  # noqa: PLC0415

        return PublishedCatalogue(self.database, today=self.runtime.today)

    @cached_property
    def site_identity(self) -> SiteIdentity:
        """Who answers for the site."""
        from workflow.channels import SiteIdentity  # noqa: PLC0415

        facts = self.office_facts
        settings = self.settings
        return SiteIdentity(
            name=settings.site_name or (facts.name if facts else ""),
            address=settings.site_address,
            id_code=settings.site_id_code,
            language=settings.site_language,
            sponsor=settings.site_sponsor,
            contact=settings.site_contact,
            rehearsal=bool(facts and facts.rehearsal),
            icp_number=settings.site_icp_number,
            police_record=settings.site_police_record,
            mark_url=settings.site_mark_url,
            report_error_url=settings.site_report_error_url,
        )

    @cached_property
    def website(self) -> Website:
        """The website channel."""
        from workflow.channels.website import Website  # noqa: PLC0415

        return Website(self.settings.site, self.site_identity)

    @cached_property
    def alert_channels(self) -> Mapping[str, AlertChannel]:
        """The ways out for alerts that are set up, by name.

        Raises ``InvalidInput('setting_wrong')`` for what no message could be sent with: whoever
        is going to send asks for this first, so that no alert finds it out.
        """
        return alert_channels(self.settings)

    @cached_property
    def dispatcher(self) -> Dispatcher:
        """Sends what people are owed."""
        from workflow.dispatching import Dispatcher  # noqa: PLC0415

        return Dispatcher(self.runtime, self.alert_channels, journal=self.journal)

    @cached_property
    def contacts(self) -> Contacts:
        """Where people are reached."""
        from workflow.contacts import Contacts  # noqa: PLC0415

        return Contacts(self.runtime, self.alert_channels)

    @cached_property
    def alert_board(self) -> AlertBoard:
        """What people were told."""
        from workflow.alert_boards import AlertBoard  # noqa: PLC0415

        return AlertBoard(self.runtime, self.queries, self.intake)

    @cached_property
    def publisher(self) -> Publisher:
        """Delivers publications to the website."""
        from workflow.publishing import Publisher  # noqa: PLC0415

        return Publisher(
            self.runtime,
            self.service,
            self.website,
            catalogue=self.catalogue,
            open_attachment=self.blobs.open,
            watch=self.watch,
        )


def alert_channels(settings: Settings) -> dict[str, AlertChannel]:
    """Return the ways out for alerts that are set up; raises ``InvalidInput('setting_wrong')``."""
    from workflow.channels.directory import NOBODY, Directory  # noqa: PLC0415
    from workflow.channels.mail import Sender  # noqa: PLC0415

    channels: list[AlertChannel] = []
    sender = NOBODY
    if settings.mail_from:
        with _setting("mail_from", settings.mail_from):
            sender = Sender.read(settings.mail_from)
    if settings.smtp_url is not None:
        channels.append(_mail(settings, sender))
    if settings.alert_web:
        channels += _over_the_web(settings)
    if settings.alert_directory is not None:
        with _setting("alert_directory", str(settings.alert_directory)):
            if settings.alert_directory.exists() and not settings.alert_directory.is_dir():
                raise ValueError("no_directory")
        channels.append(Directory(settings.alert_directory, sender))
    return {channel.name: channel for channel in channels}


def _mail(settings: Settings, sender: Sender) -> AlertChannel:
    from workflow.channels.mail import Mail, SmtpServer  # noqa: PLC0415

    url = settings.smtp_url.get_secret_value() if settings.smtp_url else ""
    with _setting("smtp_url", "***"):
        server = SmtpServer.read(url)
    with _setting("mail_from", settings.mail_from):
        if not settings.mail_from:
            raise ValueError("no_sender")
    with _setting("smtp_ca_file", str(settings.smtp_ca_file)):
        return Mail(
            server,
            sender,
            seconds=settings.alert_timeout_seconds,
            ca_file=settings.smtp_ca_file,
        )


def _over_the_web(settings: Settings) -> list[AlertChannel]:
    from workflow.channels.chat import DingTalk, Feishu, WeCom  # noqa: PLC0415
    from workflow.channels.web import Web, read_proxy, read_url  # noqa: PLC0415
    from workflow.channels.webhook import Webhook  # noqa: PLC0415

    proxy = None
    if settings.alert_proxy is not None:
        with _setting("alert_proxy", "***"):
            proxy = read_proxy(settings.alert_proxy.get_secret_value())
    web = Web(seconds=settings.alert_timeout_seconds, proxy=proxy)
    channels: list[AlertChannel] = [Webhook(web, plain=settings.alert_plain_http)]
    for name, url, robot in (
        ("dingtalk_base_url", settings.dingtalk_base_url, DingTalk),
        ("wecom_base_url", settings.wecom_base_url, WeCom),
        ("feishu_base_url", settings.feishu_base_url, Feishu),
    ):
        with _setting(name, url):
            parts = read_url(url, plain=settings.alert_plain_http)
            if parts.query or parts.fragment:
                raise ValueError("no_url")
        channels.append(robot(url, web))
    return channels


@contextmanager
def _setting(name: str, value: str) -> Iterator[None]:
    """Say which setting is wrong."""
    try:
        yield
    except (ValueError, OSError) as error:
        said = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise _wrong(name, value, said) from error


def _real_clock() -> datetime:
    return datetime.now(UTC)


def bootstrap(
    settings: Settings,
    *,
    channel: str,
    create: bool = False,
    observe: Callable[[str], None] | None = None,
) -> Application:
    """Connect and put the parts together.

    With ``create``, the database may be empty and is not looked at. Raises ``Unavailable`` for a
    database that is not there or needs ``gongkai upgrade``, ``Refused('not_a_rehearsal')`` where
    ``GONGKAI_NOW`` is set and time is real.
    """
    database = connect(settings.database_address, create=create, observe=observe)
    host = socket.gethostname()[:255]
    clock = _real_clock
    if create:
        if settings.now is not None:
            clock = _fixed(settings.now)
        return Application(
            settings, Runtime(database=database, clock=clock, channel=channel, host=host)
        )
    try:
        facts = _facts_of(database, settings)
    except BaseException:
        # Whoever tries again must not gather connections that nobody closes.
        database.dispose()
        raise
    if settings.now is not None:
        clock = _fixed(settings.now)
    runtime = Runtime(database=database, clock=clock, channel=channel, host=host)
    app = Application(settings, runtime, facts)
    try:
        # Before anybody does anything on a database that was put back from a backup.
        app.watch.look()
    except BaseException:
        database.dispose()
        raise
    return app


def _facts_of(database: Database, settings: Settings) -> OfficeFacts:
    """Return what the office's row says, if the program and the settings fit this database."""
    from workflow.office import read_facts  # noqa: PLC0415

    schema = database.schema()
    if schema is None:
        raise Unavailable("no_office_here", path=database.address)
    if schema != SCHEMA:
        code = "schema_old" if schema < SCHEMA else "schema_new"
        raise Unavailable(code, have=schema, want=SCHEMA)
    facts = read_facts(database)
    if facts is None:
        raise NotFound("no_office")
    if settings.now is not None and not facts.rehearsal:
        raise Refused([Refusal("not_a_rehearsal")])
    return facts


def upgrade(settings: Settings, *, channel: str, dry_run: bool = False) -> tuple[str, str]:
    """Bring the database to the newest migration; return the one before and the one after.

    An office that has no calendar yet begins with the one that ships, which the trail tells.
    Raises ``Unavailable`` for a database that is not there or is newer than the program.
    """
    database = connect(settings.database_address)
    try:
        before = database.schema()
        if before is None:
            raise Unavailable("no_office_here", path=database.address)
        if before > SCHEMA:
            raise Unavailable("schema_new", have=before, want=SCHEMA)
        if not dry_run:
            if before < SCHEMA:
                database.upgrade()
            # Also where an upgrade was cut off between the two; there is nothing to do otherwise.
            _give_calendar(database, channel=channel)
    finally:
        database.dispose()
    return before, SCHEMA


def _give_calendar(database: Database, *, channel: str) -> None:
    """Let an office of a release without clocks begin with the calendar that ships."""
    from workflow import audit, clocks, office  # noqa: PLC0415

    if office.read_facts(database) is None:
        # Whoever makes an office in it gives it a calendar; there is no trail before.
        return
    runtime = Runtime(
        database=database, clock=_real_clock, channel=channel, host=socket.gethostname()[:255]
    )
    with database.transaction() as transaction:
        now = runtime.clock()
        adopted = clocks.adopt_shipped(transaction, now=now)
        if adopted is not None:
            origin = runtime.origin(audit.SYSTEM_ACTOR)
            audit.record(transaction, "calendar_applied", at=now, origin=origin, **adopted)


def _fixed(now: datetime) -> Callable[[], datetime]:
    instant = now.astimezone(UTC)
    return lambda: instant
