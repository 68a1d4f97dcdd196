"""The reader of the source finds every code there is, and says where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sources import Found, Sources

if TYPE_CHECKING:
    from pathlib import Path


def sources_of(directory: Path, *modules: str) -> Sources:
    (directory / "sample").mkdir()
    for number, source in enumerate(modules):
        (directory / "sample" / f"module_{number}.py").write_text(source, "utf-8")
    return Sources(directory, ["sample"])


def found_in(directory: Path, *modules: str) -> Found:
    return sources_of(directory, *modules).raised()


def facts_by_key(found: Found) -> dict[str, set[frozenset[str]]]:
    facts: dict[str, set[frozenset[str]]] = {}
    for raised in found.raised:
        facts.setdefault(raised.key, set()).add(raised.names)
    return facts


def test_a_code_that_is_written_out_is_found_with_its_facts(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "def look():\n    raise NotFound('gone', path=1) from None\n"
        "class NotFound(GongkaiError): ...\n",
    )

    assert {"error.gone": {frozenset({"path"})}} == facts_by_key(found)
    assert ("sample/module_0.py:2",) == tuple(raised.where for raised in found.raised)


def test_a_class_that_derives_from_one_of_another_module_makes_errors_too(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "def look():\n    raise errors.Missing('gone')\n",
        "class Missing(NotFound): ...\n",
        "class NotFound(GongkaiError): ...\n",
    )

    assert {"error.gone"} == facts_by_key(found).keys()


def test_a_refusal_has_its_facts_in_a_mapping_whose_alternatives_follow_the_code(
    tmp_path: Path,
) -> None:
    found = found_in(
        tmp_path,
        "def refuse(seen):\n"
        "    code = 'duplicate' if seen else 'duplicate_unseen'\n"
        "    params = {'item': 1, **({'number': 2} if seen else {})} if seen else {}\n"
        "    return [Refusal(code, params), Refusal('plain'), Refusal('said', params={'a': 1})]\n",
    )

    assert {
        "refusal.duplicate": {frozenset({"item", "number"})},
        "refusal.duplicate_unseen": {frozenset()},
        "refusal.plain": {frozenset()},
        "refusal.said": {frozenset({"a"})},
    } == facts_by_key(found)


def test_facts_out_of_a_mapping_that_is_not_spelt_out_are_told_to_be_more(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "def refuse(facts):\n    return Refusal('moved', {'item': 1, **facts.last_change})\n",
    )

    assert [(True, frozenset({"item"}))] == [(each.open, each.names) for each in found.raised]


def test_a_code_is_put_together_by_whoever_calls_the_function_that_uses_it(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "class _Reader:\n"
        "    def fail(self, where, problem, **facts):\n"
        "        return GongkaiError('policy_' + problem, where=where, **facts)\n"
        "    def demand(self, name):\n"
        "        raise self.fail(name, f'{name}_required', length=1)\n"
        "def check(read):\n"
        "    read.demand('seal')\n"
        "    raise read.fail('here', problem='twice')\n",
    )

    assert {
        "error.policy_seal_required": {frozenset({"where", "length"})},
        "error.policy_twice": {frozenset({"where"})},
    } == facts_by_key(found)


def test_a_private_function_is_called_from_its_own_module_only(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "def _fail(code):\n    return GongkaiError(code)\ndef go():\n    raise _fail('ours')\n",
        "def _fail(word):\n    print(word)\ndef go():\n    _fail('theirs')\n",
    )

    assert {"error.ours"} == facts_by_key(found).keys()


def test_a_method_is_not_called_where_another_one_of_its_name_is_at_home(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "class Reader:\n    def fail(self, problem):\n        return GongkaiError(problem)\n",
        "class Rows(Reader):\n    def row(self):\n        raise self.fail('derived')\n",
        "from sample.module_0 import Reader\n"
        "def fail(): ...\ndef go(read: Reader):\n    raise read.fail('named')\n",
        "class _Reader:\n    def fail(self, where): ...\n"
        "def go(read):\n    raise read.fail('of another')\n",
        "def go(read):\n    raise read.fail('at home nowhere')\n",
    )

    assert {"error.derived", "error.named", "error.at home nowhere"} == facts_by_key(found).keys()


def test_codes_and_classes_come_out_of_tables_too(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "class Busy(GongkaiError): ...\n"
        "TABLE = (('locked', Busy, 'database_busy'), ('full', Busy, 'disk_full'))\n"
        "def translate(message):\n"
        "    for part, kind, code in TABLE:\n"
        "        if part in message:\n"
        "            return kind(code, problem=message)\n"
        "    for name in ('title', 'body'):\n"
        "        raise GongkaiError('empty', field=name)\n"
        "    return [Refusal(code) for code in ('one', 'two')]\n",
    )

    assert {
        "error.database_busy",
        "error.disk_full",
        "error.empty",
        "refusal.one",
        "refusal.two",
    } == facts_by_key(found).keys()
    (fields,) = (dict(each.facts)["field"] for each in found.raised if each.code == "empty")
    assert {"title", "body"} == fields


def test_what_cannot_be_followed_is_reported_and_not_guessed(tmp_path: Path) -> None:
    found = found_in(
        tmp_path,
        "def look(row):\n    raise GongkaiError(row.code)\n"
        "def nobody_calls(code):\n    raise GongkaiError(code)\n"
        "def calls_itself(code):\n    calls_itself(code)\n    raise GongkaiError(code)\n",
    )

    assert () == found.raised
    assert 3 == len(found.unresolved)


def test_a_refusal_in_the_place_of_a_code_is_no_code(tmp_path: Path) -> None:
    found = found_in(tmp_path, "def refuse(reasons):\n    raise Refused(reasons)\n")

    assert Found((), ()) == found


def test_strings_are_found_by_position_and_by_keyword(tmp_path: Path) -> None:
    sources = sources_of(
        tmp_path,
        "EVENTS = {1: 'submitted', 2: 'sealed'}\n"
        "def write(chain, kind, sealed):\n"
        "    chain.append('revised', at=1)\n"
        "    chain.append('seal_voided' if sealed else 'voided', at=1)\n"
        "    chain.append(EVENTS[kind], at=1)\n"
        "    chain.append(kind.name, at=1)\n"
        "    rows.append('no event')\n"
        "    return Check(code='sound')\n",
    )

    events, unresolved = sources.given("append", 0, beside=frozenset({"at"}))
    assert {"revised", "seal_voided", "voided", "submitted", "sealed"} == events
    assert ("sample/module_0.py:6: kind.name",) == unresolved
    assert (frozenset({"sound"}), ()) == sources.given("Check", "code")


def test_sentences_that_are_asked_for_are_found_with_their_facts(tmp_path: Path) -> None:
    sources = sources_of(
        tmp_path,
        "def show(printer, name):\n"
        "    printer.say('list.all', style='dim', total=1)\n"
        "    printer.say(name)\n"
        "    say('nothing')\n",
    )

    found = sources.said("say", "cli.", besides=frozenset({"style"}))
    assert {"cli.list.all": {frozenset({"total"})}} == facts_by_key(found)
    assert 1 == len(found.unresolved)
