"""What the program can say, read from its source: codes of errors, their facts, names of events.

An error is made by calling one of the classes of :mod:`workflow.errors` or a class derived from
them, a refusal by calling ``Refusal``, and a failure of the command line itself by ``Failure``.
Their code is often not written there: it is put together from parts, chosen by a condition, taken
from a table, or handed to a function that makes the error for its callers. This module follows all
of these back to the strings. What it cannot follow it reports, and never guesses.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    _T = TypeVar("_T")

DEEPEST: Final = 6
"""So many functions may pass a string on before it is used."""
_ROOTS: Final = {
    "GongkaiError": "error",
    "Refused": "error",
    "Refusal": "refusal",
    "Failure": "cli.error",
}
"""The namespace in the catalogue of what a class makes, or one that derives from it."""
_FROM_REASONS: Final = frozenset({"Refused", "InvalidRow"})
"""Classes that take their code from others, which are found where they are made."""
_NO_FACTS: Final = {"cli.error": frozenset({"status"})}
"""What is given beside a code and means something else."""

_Conditions = dict[str, bool]
_Strings = list[tuple[str, _Conditions]]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Raised:
    """One way in which a code comes about.

    ``facts`` are the names of what is given with it, each with the strings that it can be, as far
    as they are written in the source. ``open`` tells that there are more facts, out of a mapping
    that the source does not spell out.
    """

    key: str
    facts: tuple[tuple[str, frozenset[str]], ...]
    open: bool
    where: str

    @property
    def names(self) -> frozenset[str]:
        """The names of the facts."""
        return frozenset(name for name, _ in self.facts)

    @property
    def code(self) -> str:
        """The code, without the namespace of its sentence."""
        return self.key.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and the calls that could not be followed."""

    raised: tuple[Raised, ...]
    unresolved: tuple[str, ...]


class _Unknown(Exception):
    """An expression cannot be followed."""


class _NeedsCaller(Exception):
    """An expression depends on what the caller of its function gives."""


@dataclass(frozen=True, slots=True)
class _Module:
    """A parsed module; ``nodes`` are all of its tree, as :func:`ast.walk` goes through them.

    ``parents`` leads from each node to the one that holds it. ``functions`` are the names of those
    it defines, ``named`` all names of classes and functions that stand in it.
    """

    name: str
    tree: ast.Module
    nodes: Sequence[ast.AST]
    parents: Mapping[ast.AST, ast.AST]
    functions: frozenset[str]
    named: frozenset[str]

    def holders(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what holds ``node``, from the inside out."""
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def function(self, node: ast.AST) -> _Function | None:
        """Return the innermost function that holds ``node``."""
        return next((above for above in self.holders(node) if isinstance(above, _Function)), None)

    def private(self, function: _Function) -> bool:
        """Tell a function that only its own module can call, by its name or that of its class."""
        names = [function.name, *self.classes(function)]
        hidden = any(name.startswith("_") and not name.endswith("__") for name in names)
        return hidden or self.function(function) is not None

    def classes(self, function: _Function) -> list[str]:
        """Return the names of the classes that hold a function."""
        return [above.name for above in self.holders(function) if isinstance(above, ast.ClassDef)]

    def calls_its_own(self, name: str, classes: Iterable[str]) -> bool:
        """Tell whether a call of ``name`` here means another function than that of ``classes``.

        It does where the module has a function of that name and never names those classes.
        """
        return name in self.functions and not self.named & set(classes)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A function as one of its callers runs it; without ``call``, as nobody in particular does."""

    module: _Module
    function: _Function | None
    call: ast.Call | None = None
    caller: _Frame | None = None


@dataclass(frozen=True, slots=True)
class _Facts:
    """One alternative of a mapping: where each value is written, and when it is that one."""

    given: Mapping[str, tuple[ast.expr, _Frame]]
    open: bool
    conditions: _Conditions


class Sources:
    """The modules of some packages, parsed once."""

    def __init__(self, root: Path, packages: Iterable[str]) -> None:
        """Read every module below ``root`` that belongs to one of ``packages``."""
        self.modules: list[_Module] = []
        for package in packages:
            for path in sorted((root / package).rglob("*.py")):
                tree = ast.parse(path.read_text("utf-8"), str(path))
                self.modules.append(_read(path.relative_to(root).as_posix(), tree))

    @cached_property
    def constants(self) -> frozenset[str]:
        """Every string that stands somewhere in the source."""
        return frozenset(
            node.value
            for module in self.modules
            for node in module.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )

    def raised(self) -> Found:
        """Return every code that can be raised."""
        raised: list[Raised] = []
        unresolved: list[str] = []
        for module, node in (call for calls in self._calls.values() for call in calls):
            try:
                raised += self._made(node, _Frame(module, module.function(node)), 0)
            except _Unknown as error:
                unresolved.append(f"{module.name}:{node.lineno}: {error}")
        return Found(tuple(dict.fromkeys(raised)), tuple(dict.fromkeys(unresolved)))

    def given(
        self, function: str, place: int | str, *, beside: frozenset[str] = frozenset()
    ) -> tuple[frozenset[str], tuple[str, ...]]:
        """Return the strings given to calls of ``function``, and the calls that are unclear.

        ``place`` is the position or the keyword of the argument. Only calls with the keywords
        ``beside`` count, which tell apart functions of one name.
        """
        strings: set[str] = set()
        unresolved: list[str] = []
        for module, node in self._calls.get(function, ()):
            keywords = {word.arg: word.value for word in node.keywords}
            arguments = dict(enumerate(node.args)) | keywords
            if not beside <= keywords.keys() or place not in arguments:
                continue
            frame = _Frame(module, module.function(node))
            try:
                strings |= self._possible(arguments[place], frame)
            except _Unknown as error:
                unresolved.append(f"{module.name}:{node.lineno}: {error}")
        return frozenset(strings), tuple(unresolved)

    def said(
        self,
        function: str,
        prefix: str,
        *,
        package: str = "",
        besides: frozenset[str] = frozenset(),
    ) -> Found:
        """Return the keys of sentences that calls of ``function`` below ``package`` ask for.

        With a ``prefix`` these are calls of methods, which put it before the key; without one,
        calls of the function itself. Keywords ``besides`` the facts are left out.
        """
        raised: list[Raised] = []
        unresolved: list[str] = []
        for module, node in self._calls.get(function, ()):
            method = isinstance(node.func, ast.Attribute)
            if not module.name.startswith(package) or method is not bool(prefix) or not node.args:
                continue
            frame = _Frame(module, module.function(node))
            words = [word for word in node.keywords if word.arg not in besides]
            facts = tuple((word.arg, frozenset[str]()) for word in words if word.arg is not None)
            more = len(facts) < len(words)
            where = f"{module.name}:{node.lineno}"
            try:
                keys = self._possible(node.args[0], frame)
            except _Unknown as error:
                unresolved.append(f"{where}: {error}")
            else:
                raised += [Raised(prefix + key, facts, more, where) for key in sorted(keys)]
        return Found(tuple(raised), tuple(unresolved))

    @cached_property
    def _calls(self) -> dict[str | None, list[tuple[_Module, ast.Call]]]:
        """Every call, by the last part of the name that is called."""
        calls: dict[str | None, list[tuple[_Module, ast.Call]]] = {}
        for module in self.modules:
            for node in module.nodes:
                if isinstance(node, ast.Call):
                    calls.setdefault(_name(node.func), []).append((module, node))
        return calls

    @cached_property
    def _namespaces(self) -> dict[str, str]:
        """The namespace of each class whose call makes an error, a refusal or a failure."""
        known = dict(_ROOTS)
        classes = [
            node
            for module in self.modules
            for node in module.nodes
            if isinstance(node, ast.ClassDef)
        ]
        # A class may derive from one that is read later, so this is repeated.
        before = 0
        while before != len(known):
            before = len(known)
            for node in classes:
                if node.name not in known:
                    for base in node.bases:
                        if (name := _name(base)) in known and name is not None:
                            known[node.name] = known[name]
        return known

    def _made(self, node: ast.Call, frame: _Frame, depth: int) -> list[Raised]:
        """Return what a call makes, for every caller of its function if it depends on them."""
        try:
            made = self._class(node, frame)
        except _NeedsCaller:
            made = None
        if made is None or made in _FROM_REASONS:
            return []
        namespace = self._namespaces[made]
        if not node.args:
            raise _Unknown(ast.unparse(node))
        try:
            codes = self._strings(node.args[0], frame)
            facts = self._facts(node, frame, namespace)
        except _NeedsCaller:
            return self._for_callers(
                lambda caller: self._made(node, caller, depth + 1), node, frame, depth=depth
            )
        outer = _outermost(frame)
        at, line = (outer.caller or frame).module, (outer.call or node).lineno
        where = f"{at.name}:{line}"
        found = []
        for (code, conditions), alternative in product(codes, facts):
            if _compatible(conditions, alternative.conditions):
                described = tuple(
                    (name, self._known(*value))
                    for name, value in sorted(alternative.given.items())
                    if name not in _NO_FACTS.get(namespace, ())
                )
                found.append(Raised(f"{namespace}.{code}", described, alternative.open, where))
        return found

    def _for_callers(
        self,
        work: Callable[[_Frame], Iterable[_T]],
        node: ast.AST,
        frame: _Frame,
        *,
        depth: int,
    ) -> list[_T]:
        callers = list(self._callers(frame)) if depth < DEEPEST else []
        if not callers:
            raise _Unknown(f"{ast.unparse(node)} (nobody says what it is)")
        return [found for caller in callers for found in work(caller)]

    def _class(self, node: ast.Call, frame: _Frame) -> str | None:
        """Return the name of the class that is called, if it is one that makes an error."""
        name = _name(node.func)
        if name in self._namespaces:
            return name
        # A class out of a table: ``for part, kind, code in TABLE: return kind(code)``.
        if isinstance(node.func, ast.Name) and (row := self._loop(node.func, frame)) is not None:
            holder, path = row
            try:
                elements = [_name(_at(element, path)) for element in self._rows(holder.iter, frame)]
            except _Unknown:
                return None
            return next((element for element in elements if element in self._namespaces), None)
        return None

    # -- facts -------------------------------------------------------------------------------

    def _facts(self, node: ast.Call, frame: _Frame, namespace: str) -> list[_Facts]:
        if namespace != "refusal":
            return self._keywords(node.keywords, frame)
        named = [word.value for word in node.keywords if word.arg == "params"]
        for mapping in (*node.args[1:2], *named):
            return self._mapping(mapping, frame)
        return [_Facts({}, open=False, conditions={})]

    def _keywords(self, keywords: Iterable[ast.keyword], frame: _Frame) -> list[_Facts]:
        keywords = list(keywords)
        named = {word.arg: (word.value, frame) for word in keywords if word.arg is not None}
        return _joined(
            _Facts(named, open=False, conditions={}),
            [self._mapping(word.value, frame) for word in keywords if word.arg is None],
        )

    def _mapping(self, node: ast.expr, frame: _Frame) -> list[_Facts]:
        unclear = [_Facts({}, open=True, conditions={})]
        if isinstance(node, ast.Dict):
            named: dict[str, tuple[ast.expr, _Frame]] = {}
            parts: list[list[_Facts]] = []
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    named[str(key.value)] = (value, frame)
                else:
                    parts.append(self._mapping(value, frame) if key is None else unclear)
            return _joined(_Facts(named, open=False, conditions={}), parts)
        if isinstance(node, ast.IfExp):
            return [
                _Facts(found.given, found.open, found.conditions | {ast.unparse(node.test): truth})
                for branch, truth in ((node.body, True), (node.orelse, False))
                for found in self._mapping(branch, frame)
                if _compatible({ast.unparse(node.test): truth}, found.conditions)
            ]
        if isinstance(node, ast.Name) and frame.function is not None:
            rest = frame.function.args.kwarg
            if rest is not None and node.id == rest.arg:
                if frame.call is None or frame.caller is None:
                    raise _NeedsCaller
                own = _parameters(frame.function)
                more = [word for word in frame.call.keywords if word.arg not in own]
                return self._keywords(more, frame.caller)
            if assigned := _assigned(frame.function).get(node.id, ()):
                return [found for value in assigned for found in self._mapping(value, frame)]
        return unclear

    def _known(self, node: ast.expr, frame: _Frame) -> frozenset[str]:
        """Return the strings that a fact can be, as far as the source says them."""
        try:
            return self._possible(node, frame)
        except _Unknown:
            return frozenset()

    # -- strings -----------------------------------------------------------------------------

    def _possible(self, node: ast.expr, frame: _Frame, depth: int = 0) -> frozenset[str]:
        """Return the strings that an expression can be, for any caller of its function."""
        try:
            return frozenset(value for value, _ in self._strings(node, frame))
        except _NeedsCaller:
            return frozenset(
                self._for_callers(
                    lambda caller: self._possible(node, caller, depth + 1),
                    node,
                    frame,
                    depth=depth,
                )
            )

    def _strings(self, node: ast.expr, frame: _Frame) -> _Strings:
        """Return the strings that an expression can be, and when it is each of them."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [(node.value, {})]
        if isinstance(node, ast.FormattedValue) and node.format_spec is None:
            return self._strings(node.value, frame)
        if isinstance(node, ast.IfExp):
            return [
                (value, conditions | {ast.unparse(node.test): truth})
                for branch, truth in ((node.body, True), (node.orelse, False))
                for value, conditions in self._strings(branch, frame)
            ]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._concatenated([node.left, node.right], frame)
        if isinstance(node, ast.JoinedStr):
            return self._concatenated(node.values, frame)
        if isinstance(node, ast.Name):
            return self._named(node, frame)
        if isinstance(node, ast.Subscript):
            return self._looked_up(node, frame)
        raise _Unknown(ast.unparse(node))

    def _concatenated(self, parts: Iterable[ast.expr], frame: _Frame) -> _Strings:
        found: _Strings = [("", {})]
        for part in parts:
            found = [
                (before + value, conditions | more)
                for before, conditions in found
                for value, more in self._strings(part, frame)
                if _compatible(conditions, more)
            ]
        return found

    def _looked_up(self, node: ast.Subscript, frame: _Frame) -> _Strings:
        """Return all values of a table, of the module or of one it imports from: ``TABLE[key]``."""
        if isinstance(node.value, ast.Name):
            for module in (frame.module, *self._imported_from(frame.module, node.value.id)):
                for table in _assigned(module.tree).get(node.value.id, ()):
                    if isinstance(table, ast.Dict):
                        outside = _Frame(module, None) if module is not frame.module else frame
                        return [
                            found
                            for value in table.values
                            for found in self._strings(value, outside)
                        ]
        raise _Unknown(ast.unparse(node))

    def _imported_from(self, module: _Module, name: str) -> Iterator[_Module]:
        """Yield the modules of ours from which ``module`` imports ``name``."""
        for node in module.nodes:
            if isinstance(node, ast.ImportFrom) and name in {each.name for each in node.names}:
                place = f"{(node.module or '').replace('.', '/')}.py"
                yield from (each for each in self.modules if each.name == place)

    def _named(self, node: ast.Name, frame: _Frame) -> _Strings:
        if (row := self._loop(node, frame)) is not None:
            holder, path = row
            return [
                found
                for element in self._rows(holder.iter, frame)
                for found in self._strings(_at(element, path), frame)
            ]
        if frame.function is not None:
            if assigned := _assigned(frame.function).get(node.id, ()):
                return [found for value in assigned for found in self._strings(value, frame)]
            if node.id in _parameters(frame.function):
                return self._argument(node.id, frame, frame.function)
        if assigned := _assigned(frame.module.tree).get(node.id, ()):
            outside = _Frame(frame.module, None)
            return [found for value in assigned for found in self._strings(value, outside)]
        raise _Unknown(node.id)

    def _loop(
        self, node: ast.Name, frame: _Frame
    ) -> tuple[ast.For | ast.comprehension, tuple[int, ...]] | None:
        """Return the loop that sets a name, and at which place of its rows the name stands."""
        for holder in frame.module.holders(node):
            loops: list[ast.For | ast.comprehension] = []
            if isinstance(holder, ast.For):
                loops.append(holder)
            elif isinstance(holder, (ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp)):
                loops += holder.generators
            for loop in loops:
                path = _path_in(loop.target, node.id)
                if path is not None:
                    return loop, path
        return None

    def _rows(self, node: ast.expr, frame: _Frame) -> list[ast.expr]:
        """Return the elements of a table that is written out, here or in the module."""
        if isinstance(node, ast.Name):
            tables = _assigned(frame.module.tree).get(node.id, ())
            if len(tables) == 1:
                node = tables[0]
        if isinstance(node, (ast.Tuple, ast.List)):
            return node.elts
        raise _Unknown(ast.unparse(node))

    def _argument(self, name: str, frame: _Frame, function: _Function) -> _Strings:
        """Return what the caller of the frame gave for a parameter, else its default."""
        if frame.call is None or frame.caller is None:
            raise _NeedsCaller
        for word in frame.call.keywords:
            if word.arg == name:
                return self._strings(word.value, frame.caller)
        positional = [given.arg for given in (*function.args.posonlyargs, *function.args.args)]
        if positional and positional[0] in ("self", "cls"):
            positional = positional[1:]
        if name in positional and positional.index(name) < len(frame.call.args):
            return self._strings(frame.call.args[positional.index(name)], frame.caller)
        raise _Unknown(f"{name} of {ast.unparse(frame.call)}")

    def _callers(self, frame: _Frame) -> Iterator[_Frame]:
        """Yield the frame for each call of its function, or of the function that calls that one."""
        if frame.function is None:
            return
        if frame.call is not None and frame.caller is not None:
            for above in self._callers(frame.caller):
                yield _Frame(frame.module, frame.function, frame.call, above)
            return
        name, classes = frame.function.name, frame.module.classes(frame.function)
        private = frame.module.private(frame.function)
        for module, node in self._calls.get(name, ()):
            elsewhere = private or module.calls_its_own(name, classes)
            if module is frame.module or not elsewhere:
                outer = _Frame(module, module.function(node))
                yield _Frame(frame.module, frame.function, node, outer)


def _read(name: str, tree: ast.Module) -> _Module:
    nodes: list[ast.AST] = [tree]
    parents: dict[ast.AST, ast.AST] = {}
    # The list grows while it is gone through: to walk and to ask each node for what it holds
    # would be the same work twice, and it is most of all that is done here.
    for node in nodes:
        for child in ast.iter_child_nodes(node):
            parents[child] = node
            nodes.append(child)
    functions = frozenset(node.name for node in nodes if isinstance(node, _Function))
    classes = frozenset(node.name for node in nodes if isinstance(node, ast.ClassDef))
    imported = frozenset(node.name for node in nodes if isinstance(node, ast.alias))
    return _Module(name, tree, nodes, parents, functions, functions | classes | imported)


def _outermost(frame: _Frame) -> _Frame:
    while frame.caller is not None and frame.caller.call is not None:
        frame = frame.caller
    return frame


def _name(node: ast.AST) -> str | None:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _parameters(function: _Function) -> list[str]:
    given = function.args
    return [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]


@cache
def _assigned(scope: ast.AST) -> Mapping[str, Sequence[ast.expr]]:
    """Return what is assigned to each name in a function, or at the top of a module."""
    found: dict[str, list[ast.expr]] = {}
    for node in scope.body if isinstance(scope, ast.Module) else ast.walk(scope):
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for name in dict.fromkeys(each.id for each in targets if isinstance(each, ast.Name)):
            found.setdefault(name, []).append(value)
    return found


def _path_in(target: ast.expr, name: str) -> tuple[int, ...] | None:
    """Return at which place of a loop's target ``name`` stands, ``()`` if it is the target."""
    if isinstance(target, ast.Name):
        return () if target.id == name else None
    if isinstance(target, (ast.Tuple, ast.List)):
        for index, element in enumerate(target.elts):
            below = _path_in(element, name)
            if below is not None:
                return (index, *below)
    return None


def _at(node: ast.expr, path: tuple[int, ...]) -> ast.expr:
    for index in path:
        if not isinstance(node, (ast.Tuple, ast.List)) or index >= len(node.elts):
            raise _Unknown(ast.unparse(node))
        node = node.elts[index]
    return node


def _compatible(ours: _Conditions, theirs: _Conditions) -> bool:
    """Tell whether both can be so at once."""
    return all(theirs.get(test, truth) is truth for test, truth in ours.items())


def _joined(first: _Facts, parts: Iterable[list[_Facts]]) -> list[_Facts]:
    """Put mappings together, each of which has alternatives."""
    found = [first]
    for part in parts:
        found = [
            _Facts(
                {**before.given, **more.given},
                before.open or more.open,
                before.conditions | more.conditions,
            )
            for before in found
            for more in part
            if _compatible(before.conditions, more.conditions)
        ]
    return found
