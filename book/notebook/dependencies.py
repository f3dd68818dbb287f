"""Which cells must run before another, by the names that they define, change and need."""

import ast
import builtins
import symtable
from dataclasses import dataclass, field, replace
from functools import cache

BODIES = ("body", "handlers", "orelse", "finalbody", "cases")


@dataclass
class Names:
    """Names that a cell gives a value, whose value it changes, and that it takes from above."""

    defined: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)  # needed by its functions when they are called
    imported: set[str] = field(default_factory=set)
    generators: set[str] = field(default_factory=set)
    drawn: set[str] = field(default_factory=set)  # generators that it may move on

    @property
    def written(self) -> set[str]:
        return self.defined | self.changed | self.drawn


@cache
def names(source: str) -> Names:
    """The names of a cell's code; none where the code cannot be read."""
    found = Names()
    try:
        _follow(ast.parse(source).body, found)
    except (SyntaxError, ValueError, RecursionError):
        return Names()
    found.changed -= found.defined
    return found


def read(sources: list[str]) -> list[Names]:
    """The names of all cells. Who calls a function needs what that needs; modules do not change."""
    cells, called, imported, generators = [], {}, set(), set()
    for source in sources:
        cell = names(source)
        imported = (imported - cell.defined) | cell.imported
        generators = generators | cell.generators
        needed, new = set(), cell.needed
        while new:
            needed |= new
            new = set().union(*(called.get(name, ()) for name in new)) - needed - cell.defined
        called |= dict.fromkeys(cell.defined, cell.called)
        changed = cell.changed - imported
        cells.append(replace(cell, needed=needed, changed=changed, drawn=needed & generators))
    return cells


def before(cells: list[Names], target: int) -> list[int]:
    """The cells above the target that it needs, in the order in which they run.

    Whoever draws from a random generator moves it on, so that all who draw come in turn.
    """
    wanted = set(cells[target].needed)
    order = []
    for i in reversed(range(target)):
        if wanted & cells[i].written:
            wanted = (wanted - cells[i].defined) | cells[i].needed
            order.append(i)
    return order[::-1]


def _follow(statements: list, found: Names) -> None:
    """Go through statements as they run: what is defined above is not needed from elsewhere."""
    for statement in statements:
        inner = []
        if isinstance(statement, ast.For | ast.While | ast.If | ast.With | ast.Try | ast.Match):
            inner = [getattr(statement, name, []) for name in BODIES]
            _without_bodies(statement)
        table = symtable.symtable(ast.unparse(statement), "cell", "exec")
        found.needed |= _used(table) - found.defined - vars(builtins).keys()
        found.needed |= {name for node in ast.walk(statement) for name in _deleted(node)}
        inner_scopes = (_used(scope, False) for scope in table.get_children())
        found.called = found.called.union(*inner_scopes) - vars(builtins).keys()
        found.changed |= set().union(*map(_changes, ast.walk(statement)))
        if isinstance(statement, ast.Import | ast.ImportFrom):
            found.imported |= {name.get_name() for name in table.get_symbols()}
        bound = {name.get_name() for name in table.get_symbols() if _is_bound(name)}
        if "default_rng" in ast.unparse(statement):
            found.generators |= bound
        found.defined |= bound
        for body in inner:
            _follow([each for part in body for each in getattr(part, "body", [part])], found)


def _without_bodies(statement: ast.stmt) -> None:
    for name in BODIES:
        if hasattr(statement, name):
            setattr(statement, name, [])
    if isinstance(statement, ast.Match):
        statement.cases = [ast.match_case(ast.MatchAs(), body=[ast.Pass()])]
    elif isinstance(statement, ast.Try):
        statement.handlers = [ast.ExceptHandler(body=[ast.Pass()])]
    statement.body = [ast.Pass()]


def _is_bound(name: symtable.Symbol) -> bool:
    return name.is_assigned() or name.is_imported()


def _used(table: symtable.SymbolTable, top: bool = True) -> set[str]:
    """The names that a scope takes from the top, and those that the scopes inside it take."""
    own = {
        name.get_name()
        for name in table.get_symbols()
        if name.is_referenced() and (top or name.is_global())
    }
    return own.union(*(_used(child, False) for child in table.get_children()))


def _changes(node: ast.AST) -> set[str]:
    """The name whose value this changes: a[0] = …, a.b = …, a += …, or a.method() as a line."""
    if isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store):
        return _root(node)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return _root(node.value.func) if isinstance(node.value.func, ast.Attribute) else set()
    return _root(node.target) if isinstance(node, ast.AugAssign) else set()


def _deleted(node: ast.AST) -> list[str]:
    targets = node.targets if isinstance(node, ast.Delete) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def _root(node: ast.AST) -> set[str]:
    """The name at the bottom of a.b[0].c, if there is one."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
        node = node.func if isinstance(node, ast.Call) else node.value
    return {node.id} if isinstance(node, ast.Name) else set()
