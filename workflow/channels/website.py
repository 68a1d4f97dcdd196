"""The public web site as plain files: one page per item, and indexes by body and by month.

Publishing an item writes its own files and then only those index pages that show it or count it,
whatever else is online. A rebuild writes every file anew from the catalogue and comes out the
same byte for byte, because a page depends on nothing but what it shows.
"""

from __future__ import annotations

from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from workflow.channels import IndexEntry, PublicItem, RetractedItem, TakenAway
from workflow.channels.content import to_html
from workflow.channels.site_files import SiteFiles, file_name, item_path, segment
from workflow.errors import ChannelFailed, Damaged
from workflow.messages import text
from workflow.revisions import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from jinja2 import Environment

    from workflow.channels import Catalogue, OpenAttachment, SiteIdentity
    from workflow.revisions import Attachment, Content

CHINA: Final = ZoneInfo("Asia/Shanghai")
HOME: Final = "index.html"
HOW_TO_CHECK: Final = "how-to-check.html"
NOT_FOUND: Final = "404.html"
STYLE: Final = "static/site.css"
BODIES: Final = "departments/index.html"
MONTHS: Final = "months/index.html"
REGISTER: Final = "register/index.html"
_KILO: Final = 1024


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild came to: how many items, files written anew and stray files removed."""

    items: int
    written: int
    removed: int


@dataclass(frozen=True, slots=True)
class _Column:
    """What the meta tags say about the column that a page belongs to."""

    name: str
    description: str
    keywords: str
    type: str


class Website:
    """The channel ``website``, rendered into ``directory``."""

    name = "website"

    def __init__(
        self,
        directory: Path,
        identity: SiteIdentity,
        *,
        latest: int = 20,
        page_size: int = 200,
        patience: float = 60.0,
    ) -> None:
        """Show ``latest`` items on front pages, ``page_size`` on a page of a month.

        ``patience`` is how many seconds to wait for another process that writes to the site.
        """
        self.identity = identity
        self._latest = latest
        self._page_size = page_size
        self._files = SiteFiles(directory, patience=patience)
        self._written: set[str] = set()
        self._changed = 0

    def page(self, index_number: str) -> Path:
        """Return where the page of an item is, or would be.

        Raises ``ChannelFailed`` (``site_name_unsafe``) if the number cannot be part of a path.
        """
        return self._files.directory / _page_of(index_number)

    def publish(
        self,
        item: PublicItem,
        *,
        open_attachment: OpenAttachment,
        catalogue: Catalogue,
        confirm: Callable[[], None],
    ) -> None:
        """Write the item's files, ``confirm``, and link the item from the indexes.

        The site is held for this writer from the first file to the last, ``confirm`` included, so
        that no rebuild comes between page and confirmation. If a file of the item cannot be
        written or ``confirm`` raises, the item's files are put back as they were: a sender that
        comes too late cannot bring back what was purged meanwhile. If a page of the index cannot
        be written, publishing again completes the work. Beyond what the protocol says, raises
        ``ChannelFailed`` with ``site_busy``, ``site_not_ours``, ``site_full``,
        ``site_not_writable``, ``site_name_unsafe`` or ``site_not_listed`` (the catalogue does not
        know the item after ``confirm``).
        """
        folder = item_path(item.index_number)
        with self._files.locked():
            self._written.clear()
            self._write_constant_pages()
            with self._put_back_on_failure(folder):
                self._write_item(item, open_attachment)
                self._files.settle()
                confirm()
            self._files.sweep(f"{folder}/attachments", self._written)
            self._link(item, catalogue)

    def remove(self, item: TakenAway, *, catalogue: Catalogue, confirm: Callable[[], None]) -> None:
        """Replace the page of an item by a notice, remove its files, renew the indexes."""
        folder = item_path(item.index_number)
        with self._files.locked():
            confirm()
            self._written.clear()
            self._write_constant_pages()
            self._write_taken_away(item)
            self._files.remove(f"{folder}/revision.json")
            self._files.sweep(f"{folder}/attachments", ())
            self._link(item, catalogue)

    def clear(self, index_number: str) -> None:
        """Take every file of an item off at once; a rebuild puts there what belongs there.

        For a purge, which must not wait for a rebuild that something else may keep from ending.
        """
        with self._files.locked():
            self._files.sweep(item_path(index_number), ())
            self._files.settle()

    def build(self, catalogue: Catalogue, *, open_attachment: OpenAttachment) -> Rebuilt:
        """Make the directory hold exactly what ``catalogue`` says, and nothing else.

        Works in place: pages are replaced one by one, items before the indexes that link them,
        and what does not belong is removed last, so that readers never miss anything. Raises as
        :meth:`publish` does.
        """
        items = 0
        with self._files.locked():
            self._written.clear()
            self._changed = 0
            self._write_constant_pages()
            for item in catalogue.items():
                if isinstance(item, PublicItem):
                    self._write_item(item, open_attachment)
                else:
                    self._write_taken_away(item)
                items += 1
            for tally in catalogue.register_months():
                self._write_register(catalogue, tally.month)
            for code in [None, *(body.code for body in catalogue.bodies())]:
                for tally in catalogue.months(body_code=code):
                    self._write_month(catalogue, tally.month, code)
                if code is not None:
                    self._write_body(catalogue, code)
            self._write_front_pages(catalogue)
            removed = self._files.sweep("", self._written)
            self._files.settle()
        return Rebuilt(items, self._changed, removed)

    # What is on the site

    def _write_constant_pages(self) -> None:
        """Write what depends on the identity of the site alone."""
        style = resources.files("workflow.channels").joinpath(STYLE).read_bytes()
        self._write(STYLE, style)
        self._render("how-to-check.html", HOW_TO_CHECK, title=self._say("how_to_check.title"))
        self._render("404.html", NOT_FOUND, title=self._say("not_found.title"))

    def _write_item(self, item: PublicItem, open_attachment: OpenAttachment) -> None:
        if digest(item.canonical) != item.digest:
            raise Damaged("revision_damaged", index_number=item.index_number, digest=item.digest)
        folder, content = item_path(item.index_number), item.content
        attachments = []
        for attachment in content.attachments:
            purged = attachment.sha256 in item.purged
            path = f"attachments/{attachment.sha256[:16]}/{file_name(attachment.name)}"
            attachments.append(
                {
                    "name": attachment.name,
                    "href": None if purged else quote(path),
                    "size": self._size(attachment.size),
                    "sha256": attachment.sha256,
                }
            )
            if not purged:
                self._copy(f"{folder}/{path}", attachment, open_attachment)
        self._write(f"{folder}/revision.json", item.canonical)
        self._render(
            "item.html",
            _page_of(item.index_number),
            title=content.title,
            column=self._catalogue_column,
            item=item,
            content=content,
            body=self._body(content, attachments),
            attachments=attachments,
            month=_month(item.published_at),
        )

    @contextmanager
    def _put_back_on_failure(self, folder: str) -> Iterator[None]:
        """Undo what was done to the files of an item if anything is raised."""
        pages = [f"{folder}/index.html", f"{folder}/revision.json"]
        before = {path: self._files.read(path) for path in pages}
        attachments = self._files.below(f"{folder}/attachments")
        try:
            yield
        except BaseException:
            # The failure itself is what has to be told, even if this cannot be done either.
            with suppress(ChannelFailed):
                for path, content in before.items():
                    if content is None:
                        self._files.remove(path)
                    else:
                        self._files.write(path, content)
                self._files.sweep(f"{folder}/attachments", attachments)
                self._files.prune(folder)
            raise

    def _copy(self, path: str, attachment: Attachment, open_attachment: OpenAttachment) -> None:
        if path in self._written:
            # The same bytes under names that are one on some file systems.
            return
        with closing(open_attachment(attachment.sha256)) as source:
            self._changed += self._files.copy(
                path, source, sha256=attachment.sha256, size=attachment.size
            )
        self._written.add(path)

    def _body(self, content: Content, attachments: Sequence[dict[str, Any]]) -> str:
        media_types = {attachment.name: attachment.media_type for attachment in content.attachments}
        return to_html(
            content.body,
            content.body_format,
            files={
                file["name"]: (file["href"], media_types[file["name"]])
                for file in attachments
                if file["href"]
            },
            missing_image=lambda name: (
                self._say("item.missing_image", name=name)
                if name
                else self._say("item.missing_unnamed")
            ),
            table_label=self._say("item.table"),
        )

    def _write_taken_away(self, item: TakenAway) -> None:
        template, title = "removed.html", self._say("removed.title")
        if isinstance(item, RetractedItem):
            template, title = "retracted.html", item.title
        self._render(
            template,
            _page_of(item.index_number),
            title=title,
            column=self._catalogue_column,
            item=item,
            month=_month(item.published_at),
        )

    def _link(self, item: PublicItem | TakenAway, catalogue: Catalogue) -> None:
        """Renew the pages that show or count ``item``, the ones that are linked first."""
        for code in (item.body_code, None):
            self._write_month(catalogue, _month(item.published_at), code, since=item)
        self._write_body(catalogue, item.body_code)
        for month in item.registered:
            self._write_register(catalogue, month)
        self._write_front_pages(catalogue)
        self._files.settle()

    def _write_register(self, catalogue: Catalogue, month: str) -> None:
        """Write what was corrected, retracted and restored in a month."""
        self._render(
            "register.html",
            _register_page(month),
            title=self._say("register.of_month", month=self._month_name(month)),
            column=self._catalogue_column,
            entries=[(_page_of(entry.index_number), entry) for entry in catalogue.register(month)],
            month=month,
        )

    def _write_month(
        self,
        catalogue: Catalogue,
        month: str,
        body_code: str | None,
        *,
        since: PublicItem | TakenAway | None = None,
    ) -> None:
        """Write the pages of a month, or only those that may change if ``since`` is new.

        The newest entries are on ``index.html``; a page that is full becomes ``page-1.html`` and
        so on, counted from the oldest, and stays as it is from then on.
        """
        size, folder = self._page_size, _month_folder(month, body_code)
        tallies = {tally.month: tally.count for tally in catalogue.months(body_code=body_code)}
        last = max(tallies.get(month, 0) - 1, 0) // size
        # A page that has just become full also changes the one before it, which links to it.
        settled = last - 2
        newest: Sequence[IndexEntry] = ()
        listed = since is None
        for number in range(last, -1, -1):
            entries = catalogue.entries(
                month, body_code=body_code, offset=number * size, limit=size
            )
            if number == last:
                newest = entries
            else:
                self._render_month(month, body_code, number, last=last, entries=entries)
            if since is not None:
                listed |= any(entry.index_number == since.index_number for entry in entries)
                if listed and number <= settled:
                    break
        if since is not None and not listed:
            raise ChannelFailed("site_not_listed", index_number=since.index_number, path=folder)
        self._render_month(month, body_code, last, last=last, entries=newest)

    def _render_month(
        self,
        month: str,
        body_code: str | None,
        number: int,
        *,
        last: int,
        entries: Sequence[IndexEntry],
    ) -> None:
        folder = _month_folder(month, body_code)
        name = self._month_name(month)
        if body_code is None:
            title = self._say("month.title", month=name)
        else:
            title = self._say("month.of_body", month=name, body=entries[-1].body_name)
        self._render(
            "month.html",
            _month_page(folder, number, last),
            title=title,
            column=self._catalogue_column,
            body_code=body_code,
            body_name=entries[-1].body_name,
            entries=self._lines(reversed(entries)),
            month=month,
            number=number + 1,
            newer=_month_page(folder, number + 1, last) if number < last else None,
            older=_month_page(folder, number - 1, last) if number else None,
        )

    def _write_body(self, catalogue: Catalogue, code: str) -> None:
        names = {body.code: body.name for body in catalogue.bodies()}
        self._render(
            "body.html",
            _body_page(code),
            title=names[code],
            column=self._catalogue_column,
            entries=self._lines(catalogue.latest(body_code=code, limit=self._latest)),
            months=[
                (f"{_month_folder(tally.month, code)}/index.html", tally)
                for tally in catalogue.months(body_code=code)
            ],
        )

    def _write_front_pages(self, catalogue: Catalogue) -> None:
        bodies = [(_body_page(body.code), body) for body in catalogue.bodies()]
        months = [
            (f"{_month_folder(tally.month, None)}/index.html", tally)
            for tally in catalogue.months(body_code=None)
        ]
        column = self._catalogue_column
        title = self._say("bodies.title")
        self._render("bodies.html", BODIES, title=title, column=column, bodies=bodies)
        title = self._say("months.title")
        self._render("months.html", MONTHS, title=title, column=column, months=months)
        registered = [(_register_page(tally.month), tally) for tally in catalogue.register_months()]
        title = self._say("register.title")
        self._render("registers.html", REGISTER, title=title, column=column, months=registered)
        self._render(
            "home.html",
            HOME,
            title=self._say("home.title"),
            column=_Column(
                name=self._say("home.title"),
                description=self._say("home.description", site=self.identity.name),
                keywords=self._say("home.keywords"),
                type=self._say("home.type"),
            ),
            entries=self._lines(catalogue.latest(body_code=None, limit=self._latest)),
            bodies=bodies,
            total=sum(body.count for _, body in bodies),
        )

    # How it is said and written

    def _say(self, key: str, **params: object) -> str:
        return text(f"site.{key}", self.identity.language, **params)

    def _month_name(self, month: str) -> str:
        year, _, number = month.partition("-")
        return self._say("month", year=int(year), month=int(number))

    def _size(self, size: int) -> str:
        exact = self._say("attachments.bytes", count=size)
        if size < _KILO:
            return exact
        amount, unit = size / _KILO, "KB"
        if amount >= _KILO:
            amount, unit = amount / _KILO, "MB"
        return self._say("in_brackets", value=f"{amount:.1f} {unit}", note=exact)

    @cached_property
    def _catalogue_column(self) -> _Column:
        return _Column(
            name=self._say("catalogue.name"),
            description=self._say("catalogue.description", site=self.identity.name),
            keywords=self._say("catalogue.keywords"),
            type=self._say("catalogue.type"),
        )

    @staticmethod
    def _lines(entries: Iterable[IndexEntry]) -> list[tuple[str, IndexEntry]]:
        return [(_page_of(entry.index_number), entry) for entry in entries]

    @cached_property
    def _templates(self) -> Environment:
        from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - heavy

        environment = Environment(
            loader=PackageLoader("workflow.channels"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        environment.globals.update(
            site=self.identity,
            say=self._say,
            month_name=self._month_name,
            body_page=_body_page,
            month_page=lambda month, code: f"{_month_folder(month, code)}/index.html",
            minute=lambda at: at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M"),
            day=lambda at: at.astimezone(CHINA).date().isoformat(),
            instant=lambda at: at.astimezone(CHINA).isoformat(timespec="seconds"),
            bodies_page=BODIES,
            months_page=MONTHS,
            register_page=REGISTER,
            register_of=_register_page,
            item_page=_page_of,
            home_page=HOME,
            how_to_check_page=HOW_TO_CHECK,
            style=STYLE,
            address=lambda path: self.identity.url(quote(path.removesuffix("index.html"))),
        )
        return environment

    def _render(
        self, template: str, path: str, *, title: str, column: _Column | None = None, **facts: Any
    ) -> None:
        """Render a page, whose links are relative so that the site can be moved or opened as is.

        The page for what is not found is shown at any depth and takes the root's own path.
        """
        root = self.identity.root if path == NOT_FOUND else "../" * path.count("/")
        page = self._templates.get_template(template).render(
            path=path,
            title=title,
            column=column,
            url=lambda target: root + quote(target),
            **facts,
        )
        self._write(path, page.encode())

    def _write(self, path: str, content: bytes) -> None:
        self._changed += self._files.write(path, content)
        self._written.add(path)


def _month(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m")


def _page_of(index_number: str) -> str:
    return f"{item_path(index_number)}/index.html"


def _register_page(month: str) -> str:
    return f"register/{month}/index.html"


def _body_page(code: str) -> str:
    return f"departments/{segment(code)}/index.html"


def _month_folder(month: str, body_code: str | None) -> str:
    return f"departments/{segment(body_code)}/{month}" if body_code else f"months/{month}"


def _month_page(folder: str, number: int, last: int) -> str:
    """Return the path of a page of a month; ``number`` counts from 0, the oldest."""
    return f"{folder}/index.html" if number == last else f"{folder}/page-{number + 1}.html"
