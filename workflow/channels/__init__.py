"""What the engine hands to a channel, and what it may expect of one: plain data, no database.

A channel is a place to publish to. It is given the approved content as it was decided upon,
never a row; and it may ask the :class:`Catalogue` of what is published for bounded extracts only,
so that publishing one item writes as many files with a hundred items online as with a hundred
thousand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from workflow.errors import InvalidInput
from workflow.revisions import read
from workflow.validity import Status, Validity

if TYPE_CHECKING:
    from datetime import date, datetime

    from workflow.messages import Language
    from workflow.revisions import Content

Standing: TypeAlias = Literal["published", "retracted", "superseded"]
"""What became of something that was published."""
OpenAttachment: TypeAlias = Callable[[str], BinaryIO]
"""Opens the bytes of the attachment with the given SHA-256 (lower-case hexadecimal)."""


@dataclass(frozen=True, slots=True)
class EditionLink:
    """Another edition that is or was public: its number, and when it was published."""

    index_number: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ValidityLine:
    """One recorded change of a document's validity, as the public may know it.

    ``basis`` is None if the words were purged.
    """

    status: Status
    from_on: date
    basis: str | None
    recorded_at: datetime


@dataclass(frozen=True, kw_only=True)
class PublicItem:
    """An item as the public may see it: the approved revision, and what only the system knows.

    ``canonical`` is the exact canonical revision file and ``digest`` its SHA-256 in hexadecimal:
    all content is read from it, so that nothing else than what was decided upon can be shown.
    ``published_at`` is an aware instant, set by the system; ``category_title`` is the name of the
    catalogue item for people; ``purged`` holds the SHA-256 of attachments that were purged;
    ``registered`` the months of the public register that speak of the item. A corrected edition
    ``corrects`` another one, and ``change_note`` says how (None if it was purged);
    ``corrected_by`` is the edition that took its place. What was published ahead of its review has
    ``review_owed`` until every stage holds. ``validity`` is how the document stands on the day of
    the page and ``validity_history`` what was recorded of it, the newest first; ``replaces`` and
    ``replaced_by`` are other documents that are or were public.
    """

    canonical: bytes
    digest: str
    published_at: datetime
    body_code: str
    category_title: str
    validity: Validity = Validity()  # noqa: RUF009 # it never changes
    validity_history: tuple[ValidityLine, ...] = ()
    replaces: tuple[EditionLink, ...] = ()
    replaced_by: tuple[EditionLink, ...] = ()
    purged: frozenset[str] = frozenset()
    registered: tuple[str, ...] = ()
    edition: int = 1
    corrects: EditionLink | None = None
    change_note: str | None = None
    corrected_by: EditionLink | None = None
    review_owed: bool = False
    sample: bool = False

    @cached_property
    def content(self) -> Content:
        """The approved content; raises ``InvalidInput`` for a form of revision not known here."""
        return read(self.canonical)

    @property
    def index_number(self) -> str:
        """The number under which the item is published."""
        return self.content.index_number or ""

    @property
    def body_name(self) -> str:
        """The publishing body's name, as approved."""
        return self.content.publishing_body


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedItem:
    """What is left in public of an item whose content was purged.

    ``ground`` is the name of the ground for people. Neither the title nor the digest is here: the
    title may be the very thing that had to go, and a digest lets anyone test a guess at it.
    """

    index_number: str
    published_at: datetime
    body_code: str
    body_name: str
    removed_on: date
    ground: str
    registered: tuple[str, ...] = ()
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractedItem:
    """What stands in public where an item was that was retracted: that it was, when, and why.

    ``retracted_on`` is the day of the first confirmation; an explanation that was said in other
    words since has the day of that in ``amended_on``. ``explanation`` is None if it was purged.
    """

    index_number: str
    title: str
    published_at: datetime
    body_code: str
    body_name: str
    document_number: str | None
    formed_on: date | None
    retracted_on: date
    amended_on: date | None
    explanation: str | None
    registered: tuple[str, ...] = ()
    corrected_by: EditionLink | None = None
    sample: bool = False


TakenAway: TypeAlias = RemovedItem | RetractedItem
"""What is left in public of something whose content is there no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexEntry:
    """One line of an index; ``title`` is None when the content was removed."""

    index_number: str
    title: str | None
    body_code: str
    body_name: str
    published_at: datetime
    formed_on: date | None
    document_number: str | None
    standing: Standing = "published"
    validity: Status = Status.IN_FORCE
    review_owed: bool = False
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One line of the public register of corrections and retractions.

    ``title`` is None when the content was removed, ``words`` (the explanation of a retraction, the
    note of a correction) when they were; ``amended_on`` is the day on which they were said in other
    words, ``corrects`` the number of the edition that a correction took the place of.
    """

    kind: Literal["retraction", "restoration", "correction"]
    at: datetime
    index_number: str
    title: str | None
    body_name: str
    words: str | None
    amended_on: date | None = None
    corrects: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class BodyTally:
    """How many published items, removed ones included, a body has."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class MonthTally:
    """How many items, removed ones included, were published in ``month`` (``YYYY-MM``)."""

    month: str
    count: int


class Catalogue(Protocol):
    """What is published now, as a channel may ask for it; each answer is read anew.

    Months are those of Asia/Shanghai. The order is that of (``published_at``, ``index_number``).
    ``body_code`` narrows an answer to one body, None means all. A removed item stays listed,
    without its title, and a retracted one with a mark, so counts never go down.
    """

    def latest(self, *, body_code: str | None, limit: int) -> Sequence[IndexEntry]:
        """Return the ``limit`` newest entries, newest first."""

    def bodies(self) -> Sequence[BodyTally]:
        """Return the bodies with at least one published item, in the organisation's order."""

    def months(self, *, body_code: str | None) -> Sequence[MonthTally]:
        """Return the months with at least one published item, newest first."""

    def entries(
        self, month: str, *, body_code: str | None, offset: int, limit: int
    ) -> Sequence[IndexEntry]:
        """Return ``limit`` entries of ``month`` at most, oldest first, skipping ``offset``."""

    def items(self) -> Iterator[PublicItem | TakenAway]:
        """Yield everything that was ever published, in any order; for a rebuild only."""

    def register_months(self) -> Sequence[MonthTally]:
        """Return the months of the register of corrections and retractions, newest first."""

    def register(self, month: str) -> Sequence[RegisterEntry]:
        """Return what the register says of ``month``, newest first."""


class Channel(Protocol):
    """A place to publish to. Every method may be repeated: the second time changes nothing."""

    name: str

    def publish(
        self,
        item: PublicItem,
        *,
        open_attachment: OpenAttachment,
        catalogue: Catalogue,
        confirm: Callable[[], None],
    ) -> None:
        """Bring ``item`` before the public, and then call ``confirm`` exactly once.

        ``confirm`` is called when the item itself can be read by the public, before anything else
        refers to it. It commits the publication (or finds that it was committed before), so that
        from then on ``catalogue`` lists the item. If it raises, what was before the public until
        then is so again, and the exception passes through. The delivery is done when this method
        returns, not when ``confirm`` does. Never call it inside a database transaction.

        Raises ``ChannelFailed`` if the channel cannot be written to, ``Damaged`` if the content
        is not what its digest says; neither leaves half a page behind.
        """

    def remove(self, item: TakenAway, *, catalogue: Catalogue, confirm: Callable[[], None]) -> None:
        """Take the content of a purged or retracted item away, leaving a page that says so and why.

        That is committed before: ``catalogue`` lists the item so already. ``confirm`` is called
        once, before anything is changed and while nothing else can be; if it raises, nothing is,
        and the exception passes through. Raises ``ChannelFailed`` as :meth:`publish` does.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteIdentity:
    """Who answers for a site and where it stands.

    ``address`` is the URL at which the public reaches the root of the site; ``id_code`` is the
    government site identification code (网站标识码). ``rehearsal`` marks every page as an
    exercise. What is empty is not shown.
    """

    name: str
    address: str
    id_code: str
    language: Language
    sponsor: str
    contact: str
    rehearsal: bool = False
    icp_number: str = ""
    police_record: str = ""
    mark_url: str = ""
    report_error_url: str = ""

    def __post_init__(self) -> None:
        """Refuse an address that is not one: raises ``InvalidInput`` (``site_bad_address``)."""
        for address in (self.address, self.mark_url, self.report_error_url):
            try:
                parts = urlsplit(address)
                sound = parts.scheme in {"http", "https"} and bool(parts.hostname)
            except ValueError:
                sound = False
            if not sound and (address or address is self.address):
                raise InvalidInput("site_bad_address", address=address)

    @property
    def domain(self) -> str:
        """The domain name of the site."""
        return urlsplit(self.address).hostname or ""

    @property
    def root(self) -> str:
        """The path of the site's root, with a slash at both ends."""
        path = urlsplit(self.address).path.strip("/")
        return f"/{path}/" if path else "/"

    def url(self, path: str) -> str:
        """Return the full address of ``path``, which is relative to the root and quoted."""
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}{self.root}{path}"
