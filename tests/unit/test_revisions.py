"""What a revision is, byte for byte: the frozen form, what is tidied, and every limit.

The two forms written out below are frozen. If one of these tests fails, every decision ever made
would lose the text that it was made on: give the new form a new ``format`` instead.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.errors import InvalidInput, LimitExceeded
from workflow.revisions import (
    EARLIEST,
    MAX_KEYWORD,
    MAX_KEYWORDS,
    MAX_NAME_BYTES,
    Attachment,
    Attribute,
    BodyFormat,
    Content,
    FormedOnBasis,
    Limits,
    body_digest,
    canonical,
    check,
    check_characters,
    check_name,
    digest,
    is_blank,
    one_spelling,
    read,
    tidied,
)

TODAY: Final = date(2017, 3, 1)
LEAST: Final = Content(title="样例", body="正文\n", publishing_body="样例局")
LEAST_FORM: Final = (
    '{"attachments":[],"attribute":null,"attribute_reason":null,"body":"正文\\n",'
    '"body_format":"markdown","category":null,"channels":["website"],"document_number":null,'
    '"effective_on":null,"expires_on":null,"format":"gongkai-revision/1","formed_on":null,'
    '"formed_on_basis":"signature","genre":null,"ground":null,"index_number":null,"keywords":[],'
    '"normative":false,"publishing_body":"样例局","summary":null,"theme":null,"title":"样例"}'
)
LEAST_DIGEST: Final = "aa6e6d618a0524895c07c3ac252a5d4c1b3875f556203de3ecffae7d3a20ea56"

FULL: Final = Content(
    title="样例：“2016年”报告 <草案>",
    body='# 一\r不会\n"引号"\\反斜\t制表 é e\u0301 😀 \u2028行\n',
    body_format=BodyFormat.HTML,
    summary="两行\n摘要",
    document_number="样政发〔2017〕3号",
    formed_on=date(2017, 2, 20),
    formed_on_basis=FormedOnBasis.LAST_COUNTERSIGNATURE,
    category="annual_report",
    theme="综合政务\\政务公开",
    genre="报告",
    keywords=("年报", "公开"),
    attribute=Attribute.ON_REQUEST,
    ground="personal_privacy",
    attribute_reason="样例理由",
    normative=True,
    effective_on=date(2017, 3, 1),
    expires_on=date(2022, 2, 28),
    publishing_body="样例区民政局（样例）",
    index_number="YL-CIVIL/2017-00001",
    channels=("website",),
    attachments=(
        Attachment(name="附件二.txt", media_type="text/plain", size=0, sha256="0" * 64),
        Attachment(name="附件一.pdf", media_type="application/pdf", size=1234, sha256="f" * 64),
    ),
)
FULL_FORM: Final = (
    '{"attachments":[{"media_type":"text/plain","name":"附件二.txt","sha256":"' + "0" * 64 + '",'
    '"size":0},{"media_type":"application/pdf","name":"附件一.pdf","sha256":"' + "f" * 64 + '",'
    '"size":1234}],"attribute":"on_request","attribute_reason":"样例理由",'
    '"body":"# 一\\r不会\\n\\"引号\\"\\\\反斜\\t制表 é e\u0301 😀 \u2028行\\n",'
    '"body_format":"html","category":"annual_report","channels":["website"],"document_number":"样政发〔2017〕3号",'
    '"effective_on":"2017-03-01","expires_on":"2022-02-28","format":"gongkai-revision/1",'
    '"formed_on":"2017-02-20","formed_on_basis":"last_countersignature","genre":"报告",'
    '"ground":"personal_privacy","index_number":"YL-CIVIL/2017-00001",'
    '"keywords":["年报","公开"],"normative":true,"publishing_body":"样例区民政局（样例）",'
    '"summary":"两行\\n摘要","theme":"综合政务\\\\政务公开","title":"样例：“2016年”报告 <草案>"}'
)
FULL_DIGEST: Final = "754e62593e49850e661d41c3c4cbe9d2c684cd0e173ac4a3b9a6152f0f1ba5ee"


@pytest.mark.parametrize(
    ("content", "form", "expected"),
    [
        pytest.param(LEAST, LEAST_FORM, LEAST_DIGEST, id="least"),
        pytest.param(FULL, FULL_FORM, FULL_DIGEST, id="full"),
    ],
)
def test_the_canonical_form_and_its_digest_are_frozen(
    content: Content, form: str, expected: str
) -> None:
    assert form.encode("utf-8") == canonical(content)
    assert expected == digest(canonical(content))
    assert content == read(form)
    assert content == read(form.encode("utf-8"))


def test_the_digest_covers_every_field_and_nothing_else() -> None:
    # Rule 8: times set by the system, validity, edition links and notes are not part of it.
    assert {
        "title", "body", "body_format", "summary", "document_number", "formed_on",
        "formed_on_basis", "category", "theme", "genre", "keywords", "attribute", "ground",
        "attribute_reason", "normative", "effective_on", "expires_on", "publishing_body",
        "index_number", "channels", "attachments",
    } == {field.name for field in fields(Content)}  # fmt: skip
    assert {"name", "media_type", "size", "sha256"} == {field.name for field in fields(Attachment)}


@pytest.mark.parametrize("form", ['{"format":"gongkai-revision/2"}', "{}", '{"format":null}'])
def test_a_form_of_another_format_is_not_read(form: str) -> None:
    with pytest.raises(InvalidInput, match="revision_format_unknown"):
        read(form)


def test_the_digest_of_a_body_is_that_of_its_text_alone() -> None:
    expected = hashlib.sha256("正文\n".encode()).hexdigest()

    assert expected == body_digest(LEAST) == body_digest(replace(LEAST, title="别的"))


# -- generated contents --------------------------------------------------------------------------

# Whatever a text may hold, and what is easily confused in JSON.
TEXTS: Final = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from('"\\/\n\r\t\x00\x1f\x7f\u2028\ufeff\ufffe　é😀{}[],:'),
    ),
    max_size=30,
)
DATES: Final = st.dates(EARLIEST, date(2999, 12, 31))
ATTACHMENTS: Final = st.builds(
    Attachment,
    name=TEXTS,
    media_type=TEXTS,
    size=st.integers(0, 2**40),
    sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
)
CONTENTS: Final = st.builds(
    Content,
    title=TEXTS,
    body=TEXTS,
    body_format=st.sampled_from(BodyFormat),
    summary=st.none() | TEXTS,
    document_number=st.none() | TEXTS,
    formed_on=st.none() | DATES,
    formed_on_basis=st.sampled_from(FormedOnBasis),
    category=st.none() | TEXTS,
    theme=st.none() | TEXTS,
    genre=st.none() | TEXTS,
    keywords=st.lists(TEXTS, max_size=3).map(tuple),
    attribute=st.none() | st.sampled_from(Attribute),
    ground=st.none() | TEXTS,
    attribute_reason=st.none() | TEXTS,
    normative=st.booleans(),
    effective_on=st.none() | DATES,
    expires_on=st.none() | DATES,
    publishing_body=TEXTS,
    index_number=st.none() | TEXTS,
    channels=st.lists(TEXTS, max_size=2).map(tuple),
    attachments=st.lists(ATTACHMENTS, max_size=2).map(tuple),
)
FIELD_NAMES: Final = tuple(field.name for field in fields(Content))
generated = settings(max_examples=25, deadline=None)


@generated
@given(CONTENTS)
def test_whatever_was_written_is_read_back_and_written_the_same(content: Content) -> None:
    form = canonical(content)

    assert content == read(form)
    assert form == canonical(read(form))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " \t\n",
        "\u3000\xa0",
        "\u200b",
        "\u2060\ufeff\xad",
        "\u3164\u115f",
        "\u0301",
        "\u2800",
    ],
)
def test_what_nobody_can_read_is_blank(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["样", "\u200b1", "。", "e\u0301", "†", "👍"])
def test_what_somebody_can_read_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("２０１７－０００１", "2017-0001"),
        ("\u200b2017\u2060-0001\ufe0f", "2017-0001"),
        ("\u3000民印〔2017〕 \t7号 ", "民印〔2017〕 7号"),
        ("\u200b\u3164", ""),
    ],
)
def test_what_looks_the_same_is_spelt_the_same(text: str, plain: str) -> None:
    assert plain == one_spelling(text)
    assert plain == one_spelling(plain)


@generated
@given(CONTENTS, CONTENTS)
def test_contents_with_the_same_digest_are_the_same(one: Content, other: Content) -> None:
    assert (one == other) is (digest(canonical(one)) == digest(canonical(other)))


@generated
@given(CONTENTS, st.data())
def test_one_changed_character_anywhere_changes_the_digest(
    content: Content, data: st.DataObject
) -> None:
    texts = [name for name in FIELD_NAMES if isinstance(getattr(content, name), str)]
    name = data.draw(st.sampled_from(texts))
    text = str(getattr(content, name))
    if name in ("body_format", "formed_on_basis", "attribute"):
        kind = type(getattr(content, name))
        changed: Any = data.draw(st.sampled_from([value for value in kind if value != text]))
    else:
        position = data.draw(st.integers(0, len(text)))
        letter = data.draw(st.characters(exclude_categories=["Cs"]))
        replaced = text[:position] + letter + text[position + data.draw(st.integers(0, 1)) :]
        changed = replaced if replaced != text else text + letter

    assert digest(canonical(content)) != digest(canonical(replace(content, **{name: changed})))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("normative", False),
        ("formed_on", date(2017, 2, 21)),
        ("formed_on", None),
        ("effective_on", None),
        ("expires_on", date(2022, 3, 1)),
        ("keywords", ("公开", "年报")),
        ("channels", ("website", "website")),
        ("attachments", FULL.attachments[::-1]),
        ("attachments", FULL.attachments[:1]),
        ("attachments", (replace(FULL.attachments[0], sha256="1" * 64), FULL.attachments[1])),
        ("attachments", (replace(FULL.attachments[0], name="附件2.txt"), FULL.attachments[1])),
        ("attachments", (replace(FULL.attachments[0], media_type="x/y"), FULL.attachments[1])),
        ("attachments", (replace(FULL.attachments[0], size=1), FULL.attachments[1])),
    ],
)
def test_a_changed_date_file_or_order_changes_the_digest(name: str, value: object) -> None:
    changed = replace(FULL, **{name: value})  # type: ignore[arg-type] # a value for each name

    assert FULL_DIGEST != digest(canonical(changed))


def test_an_absent_value_is_not_an_empty_one() -> None:
    assert canonical(replace(LEAST, summary="")) != canonical(LEAST)


# -- tidying -------------------------------------------------------------------------------------


@generated
@given(CONTENTS)
def test_what_is_tidied_stays_as_it_is(content: Content) -> None:
    # R2: if it did not, saving a stored text unchanged would be an edit that voids decisions.
    once = tidied(content)

    assert once == tidied(once)


@generated
@given(CONTENTS)
def test_a_tidied_body_ends_with_one_line_end_and_knows_no_other(content: Content) -> None:
    body = tidied(content).body

    assert body.endswith("\n")
    assert not body.endswith("\n\n")
    assert "\r" not in body


@pytest.mark.parametrize(
    ("name", "given_", "kept"),
    [
        ("body", "一\r\n二\r三", "一\n二\n三\n"),
        ("body", "\ufeff一\n\n\n", "一\n"),
        ("body", "\ufeff\ufeff一", "一\n"),
        ("body", "  一  \n  二  ", "  一  \n  二  \n"),
        ("body", "", "\n"),
        ("title", " \u3000样例\ufeff \n", "样例"),
        ("title", " ", ""),
        ("summary", " 甲\r\n乙 ", "甲\n乙"),
        ("summary", "  ", None),
        ("document_number", "\ufeff", None),
        ("ground", "", None),
        ("keywords", (" 甲 ", "乙", "甲", "　"), ("甲", "乙")),
    ],
)
def test_only_what_no_reader_can_see_is_tidied_away(
    name: str, given_: object, kept: object
) -> None:
    changed = replace(LEAST, **{name: given_})  # type: ignore[arg-type] # a value for each name

    assert kept == getattr(tidied(changed), name)


def test_tidying_leaves_letters_and_files_alone() -> None:
    # Full-width letters, both ways to write an accent, and names of files stay as they were given.
    content = replace(FULL, body="Ａ é e\u0301 ，\n")

    assert content == tidied(content)


# -- checks --------------------------------------------------------------------------------------


def fault(content: Content, limits: Limits = Limits()) -> tuple[str, object]:  # noqa: B008 # frozen
    with pytest.raises((InvalidInput, LimitExceeded)) as caught:
        check(content, limits=limits, today=TODAY)
    return caught.value.code, caught.value.params.get("field")


def changed(**changes: Any) -> Content:
    return replace(FULL, **{"body": "正文\n", **changes})


def test_a_sound_content_passes() -> None:
    check(LEAST, limits=Limits(), today=TODAY)
    check(changed(), limits=Limits(), today=TODAY)


@pytest.mark.parametrize("name", ["title", "body"])
def test_title_and_body_cannot_be_empty(name: str) -> None:
    assert ("field_empty", name) == fault(changed(**{name: ""}))


def test_a_body_of_nothing_but_white_space_is_empty() -> None:
    assert ("field_empty", "body") == fault(replace(LEAST, body=" \n\t　\n"))


LENGTHS: Final = {
    "title": 300,
    "summary": 1000,
    "document_number": 100,
    "category": 100,
    "theme": 100,
    "genre": 50,
    "ground": 100,
    "attribute_reason": 2000,
    "publishing_body": 200,
    "index_number": 100,
}


@pytest.mark.parametrize(("name", "longest"), LENGTHS.items())
def test_a_field_may_be_as_long_as_its_limit_in_characters_and_no_longer(
    name: str, longest: int
) -> None:
    # Beyond the basic plane, to tell characters from bytes and from halves of UTF-16.
    check(changed(**{name: "𠮷" * longest}), limits=Limits(), today=TODAY)

    assert ("field_too_long", name) == fault(changed(**{name: "𠮷" * (longest + 1)}))


def test_keywords_have_a_number_and_a_length() -> None:
    check(
        changed(keywords=tuple(f"{'词' * (MAX_KEYWORD - 2)}{n:02}" for n in range(MAX_KEYWORDS))),
        limits=Limits(),
        today=TODAY,
    )

    assert ("too_many_keywords", None) == fault(changed(keywords=("词",) * (MAX_KEYWORDS + 1)))
    assert ("field_too_long", "keywords") == fault(changed(keywords=("词" * (MAX_KEYWORD + 1),)))


def test_a_body_is_measured_in_bytes() -> None:
    limits = Limits(body_bytes=6)
    check(replace(LEAST, body="正文"), limits=limits, today=TODAY)

    assert ("body_too_large", None) == fault(replace(LEAST, body="正文\n"), limits)


def test_the_limits_of_an_office_are_two_mebibytes_and_fifty_files_of_a_hundred() -> None:
    assert {
        "body_bytes": 2 * 1024**2,
        "attachment_bytes": 100 * 1024**2,
        "attachments": 50,
    } == asdict(Limits())


def with_files(*attachments: Attachment) -> Content:
    return replace(LEAST, attachments=attachments)


def file(name: str = "附件.txt", size: int = 1, sha256: str = "0" * 64) -> Attachment:
    return Attachment(name=name, media_type="text/plain", size=size, sha256=sha256)


def test_attachments_have_a_number_and_a_size() -> None:
    limits = Limits(attachments=2, attachment_bytes=10)
    check(with_files(file("一"), file("二", 10)), limits=limits, today=TODAY)

    assert ("too_many_attachments", None) == fault(
        with_files(file("一"), file("二"), file("三")), limits
    )
    assert ("attachment_too_large", None) == fault(with_files(file(size=11)), limits)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("附件.txt", "附件.txt"),
        ("Report.txt", "report.TXT"),
        ("é.txt", "e\u0301.txt"),
        ("Ａ.txt", "a.txt"),
        ("ﬁle.txt", "FILE.txt"),
    ],
)
def test_two_names_that_some_file_system_takes_for_one_are_one(one: str, other: str) -> None:
    assert ("attachment_twice", None) == fault(with_files(file(one), file(other)))


@pytest.mark.parametrize("sha256", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"])
def test_a_hash_is_sixty_four_lower_case_hexadecimal_digits(sha256: str) -> None:
    assert ("field_wrong", "attachments") == fault(with_files(file(sha256=sha256)))


@pytest.mark.parametrize(
    "name",
    [
        "", " ", ".hidden", "..", "name.", " name", "name ", "a/b", "a\\b", "c:", "a*", "a?", 'a"',
        "a<b", "a>b", "a|b", "txt.\u202eexe", "zero\u200bwidth", "\ufeffname", "soft\u00adhyphen",
    ],
)  # fmt: skip
def test_a_name_that_some_system_could_not_save_or_would_misread_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="file_name_wrong"):
        check_name(name)


def test_a_name_is_measured_in_bytes() -> None:
    check_name("件" * (MAX_NAME_BYTES // 3))

    with pytest.raises(LimitExceeded, match="file_name_too_long"):
        check_name("件" * (MAX_NAME_BYTES // 3) + "x")


@pytest.mark.parametrize("name", ["年度报告（样例）.docx", "a b-c_d.tar.gz", "№1，“样例”.pdf", "x"])
def test_an_ordinary_name_is_taken(name: str) -> None:
    check_name(name)


# -- characters ----------------------------------------------------------------------------------

NEVER: Final = (
    "\x00",
    "\x01",
    "\x08",
    "\x0b",
    "\x0e",
    "\x1b",
    "\x1f",
    "\x7f",
    "\x80",
    "\x85",
    "\x9f",
    "\ud800",
    "\udbff",
    "\udc00",
    "\udfff",
)
"""What neither database would take alike, or no reader could see."""
IN_TEXT_ONLY: Final = (
    "\t", "\n", "\x0c", "\r", "\u2028", "\u2029", "\u202a", "\u202d", "\u202e", "\u2066", "\u2069",
)  # fmt: skip


@pytest.mark.parametrize(
    "place", ["body", "title", "summary", "genre", "attribute_reason", "keywords", "attachments"]
)
def test_a_bad_character_is_refused_in_every_text(place: str) -> None:
    for character in NEVER:
        spoiled = f"甲乙{character}丙"
        values: dict[str, object] = {"keywords": ("好", spoiled), "attachments": (file(spoiled),)}

        with pytest.raises(InvalidInput, match="bad_character") as caught:
            check(changed(**{place: values.get(place, spoiled)}), limits=Limits(), today=TODAY)
        assert {
            "field": place,
            "character": f"U+{ord(character):04X}",
            "position": 3,
        } == caught.value.params


@pytest.mark.parametrize("character", IN_TEXT_ONLY, ids=ascii)
def test_what_ends_or_turns_a_line_belongs_into_texts_and_not_into_lines(character: str) -> None:
    spoiled = f"甲{character}乙"
    check(changed(summary=spoiled, attribute_reason=spoiled), limits=Limits(), today=TODAY)
    check(replace(LEAST, body=spoiled), limits=Limits(), today=TODAY)

    for name in ("title", "document_number", "theme", "publishing_body", "index_number"):
        assert ("bad_character", name) == fault(changed(**{name: spoiled}))


@pytest.mark.parametrize(
    "character", ["　", "\u200e", "\ufffd", "\ufffe", "😀", "𠮷", "é"], ids=ascii
)
def test_every_other_character_is_taken(character: str) -> None:
    check_characters(f"甲{character}乙", field="title", one_line=True)


# -- dates ---------------------------------------------------------------------------------------


def test_a_formation_date_is_never_in_the_future() -> None:
    check(changed(formed_on=TODAY), limits=Limits(), today=TODAY)

    assert "formed_in_future" == fault(changed(formed_on=date(2017, 3, 2)))[0]


@pytest.mark.parametrize("name", ["formed_on", "effective_on", "expires_on"])
def test_no_date_lies_before_there_was_such_information(name: str) -> None:
    dates = {"effective_on": None, "expires_on": None}
    check(changed(**{**dates, name: EARLIEST}), limits=Limits(), today=TODAY)

    assert ("date_out_of_range", name) == fault(changed(**{**dates, name: date(1949, 9, 30)}))


@pytest.mark.parametrize("name", ["effective_on", "expires_on"])
def test_no_date_lies_in_a_year_that_is_a_slip_of_the_pen(name: str) -> None:
    dates = {"effective_on": None, "expires_on": None}
    check(changed(**{**dates, name: date(2999, 12, 31)}), limits=Limits(), today=TODAY)

    assert ("date_out_of_range", name) == fault(changed(**{**dates, name: date(3000, 1, 1)}))


def test_nothing_expires_before_it_takes_effect() -> None:
    day = date(2017, 4, 1)
    check(changed(effective_on=day, expires_on=day), limits=Limits(), today=TODAY)

    assert (
        "expires_before_effective"
        == fault(changed(effective_on=day, expires_on=date(2017, 3, 31)))[0]
    )
