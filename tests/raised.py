"""Which codes the program can raise, and with which facts, read from its source.

An error is made by calling one of the classes of :mod:`workflow.errors` or a class derived from
them, a refusal by calling ``Refusal``. Their code is often not written there: it is put together
from parts, chosen by a condition, taken from a table, or handed to a function that makes the error
for its callers. This module follows all of these back to the strings. What it cannot follow it
reports (:attr:`Found.unresolved`); it never guesses.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_DEEPEST: Final = 6
"""So many functions may pass a code on before it is used."""
_ROOTS: Final = frozenset({"GongkaiError", "Refused"})
_FROM_REASONS: Final = frozenset({"Refused"})
"""Classes that take their code from refusals, which are found where they are made."""

_Conditions = dict[str, bool]
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Raised:
    """One way in which a code comes about.

    ``namespace`` is ``error`` or ``refusal``; ``facts`` are the names of the parameters given with
    it. ``open`` tells that there are more, out of a mapping that the source does not spell out.
    """

    namespace: str
    code: str
    facts: frozenset[str]
    open: bool
    where: str

    @property
    def key(self) -> str:
        """The key of its sentence in the catalogue of messages."""
        return f"{self.namespace}.{self.code}"


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that can be raised, and the calls whose code could not be read."""

    raised: tuple[Raised, ...]
    unresolved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Class:
    """The value of an expression that names a class of errors."""

    name: str


@dataclass(frozen=True, slots=True)
class _Module:
    """A parsed module; ``parents`` leads from each node to the one that holds it."""

    name: str
    tree: ast.Module
    parents: Mapping[ast.AST, ast.AST]

    def function(self, node: ast.AST) -> _Function | None:
        """Return the innermost function that holds ``node``."""
        above = self.parents.get(node)
        while above is not None and not isinstance(above, _Function):
            above = self.parents.get(above)
        return above

    def holders(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what holds ``node``, from the inside out."""
        above = self.parents.get(node)
        while above is not None:
            yield above
            above = self.parents.get(above)

    def private(self, function: _Function) -> bool:
        """Tell a function that only its own module calls, by its name or that of its class."""
        names = [function.name]
        names += [above.name for above in self.holders(function) if isinstance(above, ast.ClassDef)]
        inner = self.function(function) is not None
        return inner or any(name.startswith("_") and not name.endswith("__") for name in names)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A function as one of its callers runs it; without ``call``, as nobody in particular does."""

    module: _Module
    function: _Function | None
    call: ast.Call | None = None
    caller: _Frame | None = None


class _Unknown(Exception):
    """An expression cannot be followed."""


class _NeedsCaller(Exception):
    """An expression depends on what the caller of its function gives."""


@dataclass(slots=True)
class _Sources:
    modules: list[_Module]
    classes: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # Bases may be defined after what derives from them is read, so the walk is repeated.
        self.classes = dict.fromkeys(_ROOTS, "error") | {"Refusal": "refusal"}
        known = 0
        while known != len(self.classes):
            known = len(self.classes)
            for module in self.modules:
                for node in ast.walk(module.tree):
                    if isinstance(node, ast.ClassDef) and any(
                        self.classes.get(_name(base) or "") == "error" for base in node.bases
                    ):
                        self.classes[node.name] = "error"

    def find(self) -> Found:
        raised: list[Raised] = []
        unresolved: list[str] = []
        for module in self.modules:
            for node in ast.walk(module.tree):
                if not isinstance(node, ast.Call):
                    continue
                frame = _Frame(module, module.function(node))
                try:
                    raised += self.raised(node, frame, 0)
                except _Unknown as error:
                    unresolved.append(f"{module.name}: {error}")
        return Found(tuple(dict.fromkeys(raised)), tuple(unresolved))

    def raised(self, node: ast.Call, frame: _Frame, depth: int) -> list[Raised]:
        """Return what this call makes, for every caller of its function if it depends on them."""
        try:
            made = self.class_of(node, frame)
        except _NeedsCaller:
            made = None
        if made is None or made in _FROM_REASONS:
            return []
        namespace = self.classes[made]
        try:
            codes = self.values(node.args[0], frame)
            facts = self.facts(node, frame, namespace)
        except _NeedsCaller:
            if depth == _DEEPEST:
                raise _Unknown(ast.unparse(node)) from None
            callers = list(self.callers(frame))
            if not callers:
                raise _Unknown(f"{ast.unparse(node)}, which nobody calls") from None
            return [
                found for caller in callers for found in self.raised(node, caller, depth + 1)
            ]
        where = f"{frame.module.name}:{(_outermost(frame).call or node).lineno}"
        found = []
        for (code, ours), (names, more, theirs) in product(codes, facts):
            if not isinstance(code, str):
                raise _Unknown(ast.unparse(node))
            if _compatible(ours, theirs):
                found.append(Raised(namespace, code, names, more, where))
        return found

    def class_of(self, node: ast.Call, frame: _Frame) -> str | None:
        """Return the name of the class of errors that is called, if it is one."""
        name = _name(node.func)
        if name in self.classes:
            return name
        # A class out of a table: ``for part, kind, code in TABLE: return kind(code)``.
        if isinstance(node.func, ast.Name) and node.args and name is not None:
            try:
                values = self.values(node.func, frame)
            except _Unknown:
                return None
            for value, _ in values:
                if isinstance(value, _Class):
                    return value.name
        return None

    # -- facts -------------------------------------------------------------------------------

    def facts(
        self, node: ast.Call, frame: _Frame, namespace: str
    ) -> list[tuple[frozenset[str], bool, _Conditions]]:
        """Return the alternatives: names of facts, whether there are more, under what condition."""
        if namespace == "refusal":
            given = [*node.args[1:2], *(word.value for word in node.keywords if word.arg == "params")]
            return self.mapping(given[0], frame) if given else [(frozenset(), False, {})]
        return self.keywords(node.keywords, frame)

    def keywords(
        self, keywords: Iterable[ast.keyword], frame: _Frame
    ) -> list[tuple[frozenset[str], bool, _Conditions]]:
        named = frozenset(word.arg for word in keywords if word.arg is not None)
        parts = [self.mapping(word.value, frame) for word in keywords if word.arg is None]
        return _joined([[(named, False, {})], *parts])

    def mapping(
        self, node: ast.expr, frame: _Frame
    ) -> list[tuple[frozenset[str], bool, _Conditions]]:
        if isinstance(node, ast.Dict):
            named: set[str] = set()
            parts: list[list[tuple[frozenset[str], bool, _Conditions]]] = []
            for key, value in zip(node.keys, node.values, strict=True):
                if key is None:
                    parts.append(self.mapping(value, frame))
                elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                    named.add(key.value)
                else:
                    parts.append([(frozenset(), True, {})])
            return _joined([[(frozenset(named), False, {})], *parts])
        if isinstance(node, ast.IfExp):
            test = ast.unparse(node.test)
            return [
                (names, more, conditions | {test: truth})
                for branch, truth in ((node.body, True), (node.orelse, False))
                for names, more, conditions in self.mapping(branch, frame)
            ]
        if isinstance(node, ast.Name) and frame.function is not None:
            if frame.function.args.kwarg and node.id == frame.function.args.kwarg.arg:
                if frame.call is None or frame.caller is None:
                    raise _NeedsCaller
                own = set(_parameters(frame.function))
                return self.keywords(
                    [word for word in frame.call.keywords if word.arg not in own], frame.caller
                )
            assigned = list(_assignments(frame.function, node.id))
            if assigned:
                return [found for value in assigned for found in self.mapping(value, frame)]
        return [(frozenset(), True, {})]

    # -- codes -------------------------------------------------------------------------------

    def values(self, node: ast.expr, frame: _Frame) -> list[tuple[str | _Class, _Conditions]]:
        """Return what an expression can be, each with the conditions under which it is that."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return [(node.value, {})]
        if isinstance(node, ast.FormattedValue) and node.format_spec is None:
            return self.values(node.value, frame)
        if isinstance(node, ast.IfExp):
            test = ast.unparse(node.test)
            return [
                (value, conditions | {test: truth})
                for branch, truth in ((node.body, True), (node.orelse, False))
                for value, conditions in self.values(branch, frame)
            ]
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self.concatenated([node.left, node.right], frame)
        if isinstance(node, ast.JoinedStr):
            return self.concatenated(node.values, frame)
        if isinstance(node, ast.Name):
            return self.named(node, frame)
        if isinstance(node, ast.Attribute) and node.attr in self.classes:
            return [(_Class(node.attr), {})]
        raise _Unknown(ast.unparse(node))

    def concatenated(
        self, parts: Iterable[ast.expr], frame: _Frame
    ) -> list[tuple[str | _Class, _Conditions]]:
        found: list[tuple[str | _Class, _Conditions]] = []
        for chosen in product(*(self.values(part, frame) for part in parts)):
            conditions: _Conditions = {}
            for _, more in chosen:
                if not _compatible(conditions, more):
                    break
                conditions |= more
            else:
                found.append(("".join(str(value) for value, _ in chosen), conditions))
        return found

    def named(self, node: ast.Name, frame: _Frame) -> list[tuple[str | _Class, _Conditions]]:
        if self.classes.get(node.id) == "error":
            return [(_Class(node.id), {})]
        for holder in frame.module.holders(node):
            if isinstance(holder, ast.For) and (path := _path_in(holder.target, node.id)) is not None:
                return [
                    found
                    for row in self.rows(holder.iter, frame)
                    for found in self.values(_at(row, path), frame)
                ]
        if frame.function is not None:
            assigned = list(_assignments(frame.function, node.id))
            if assigned:
                return [found for value in assigned for found in self.values(value, frame)]
            if node.id in _parameters(frame.function):
                return self.argument(node.id, frame, frame.function)
        assigned = list(_assignments(frame.module.tree, node.id))
        if assigned:
            outside = _Frame(frame.module, None)
            return [found for value in assigned for found in self.values(value, outside)]
        raise _Unknown(node.id)

    def rows(self, node: ast.expr, frame: _Frame) -> list[ast.expr]:
        """Return the elements of a table that is written out, here or in the module."""
        if isinstance(node, ast.Name):
            tables = list(_assignments(frame.module.tree, node.id))
            if len(tables) == 1:
                node = tables[0]
        if isinstance(node, (ast.Tuple, ast.List)):
            return node.elts
        raise _Unknown(ast.unparse(node))

    def argument(
        self, name: str, frame: _Frame, function: _Function
    ) -> list[tuple[str | _Class, _Conditions]]:
        """Return what the caller of the frame gave for a parameter, else its default."""
        if frame.call is None or frame.caller is None:
            raise _NeedsCaller
        for word in frame.call.keywords:
            if word.arg == name:
                return self.values(word.value, frame.caller)
        positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
        if positional and positional[0] in ("self", "cls"):
            positional = positional[1:]
        if name in positional and positional.index(name) < len(frame.call.args):
            return self.values(frame.call.args[positional.index(name)], frame.caller)
        raise _Unknown(f"{name} of {ast.unparse(frame.call)}")

    def callers(self, frame: _Frame) -> Iterator[_Frame]:
        """Yield the frame for each call of its function, or of the function that calls that one."""
        if frame.function is None:
            return
        if frame.call is not None and frame.caller is not None:
            for above in self.callers(frame.caller):
                yield _Frame(frame.module, frame.function, frame.call, above)
            return
        name = frame.function.name
        private = frame.module.private(frame.function)
        for module in [frame.module] if private else self.modules:
            for node in ast.walk(module.tree):
                if isinstance(node, ast.Call) and _name(node.func) == name:
                    outer = _Frame(module, module.function(node))
                    yield _Frame(frame.module, frame.function, node, outer)


def read_sources(root: Path, packages: Iterable[str]) -> Found:
    """Read every module below ``root`` that belongs to one of ``packages``."""
    modules = []
    for package in packages:
        for path in sorted((root / package).rglob("*.py")):
            tree = ast.parse(path.read_text("utf-8"), str(path))
            parents = {
                child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
            }
            modules.append(_Module(path.relative_to(root).as_posix(), tree, parents))
    return _Sources(modules).find()


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


def _assignments(scope: ast.AST, name: str) -> Iterator[ast.expr]:
    """Yield what is assigned to ``name`` in a function, or at the top of a module."""
    nodes = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)
    for node in nodes:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            yield value


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
        if not isinstance(node, (ast.Tuple, ast.List)):
            raise _Unknown(ast.unparse(node))
        node = node.elts[index]
    return node


def _compatible(ours: _Conditions, theirs: _Conditions) -> bool:
    return all(theirs.get(test, truth) is truth for test, truth in ours.items())


def _joined(
    parts: list[list[tuple[frozenset[str], bool, _Conditions]]],
) -> list[tuple[frozenset[str], bool, _Conditions]]:
    """Put together mappings of which each has alternatives."""
    found: list[tuple[frozenset[str], bool, _Conditions]] = []
    for chosen in product(*parts):
        names: frozenset[str] = frozenset()
        more, conditions = False, dict[str, bool]()
        for those, open_, under in chosen:
            names, more, conditions = names | those, more or open_, conditions | under
        found.append((names, more, conditions))
    return found
