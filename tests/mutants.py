"""All single changes of a function's source, of the kinds that a person makes by mistake."""

import ast
import difflib
import itertools
from collections.abc import Callable, Iterator
from copy import deepcopy

EXCHANGED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}
CONFUSED = [
    {"max", "min", "mean"},
    {"sum", "mean"},
    {"argmax", "argmin"},
    {"maximum", "minimum"},
    {"amax", "amin"},
]
AXES = (0, 1, -1)
TURNS = 100_000  # of all loops together; a mutant that needs more counts as endless


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """For each change, how the changed lines read, and the whole source."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    for changed in _changed(tree):
        new = ast.unparse(ast.fix_missing_locations(changed))
        if new not in seen:
            seen.add(new)
            yield _described(original, new), new


def compiled(source: str, namespace: dict) -> Callable:
    """What the source defines, which may use the namespace, with its loops counted."""
    tree = ast.parse(source)
    for loop in ast.walk(tree):
        if isinstance(loop, ast.For | ast.While):
            loop.body.insert(0, ast.parse("_turn()").body[0])
    turns = itertools.count(1)

    def _turn() -> None:
        if next(turns) > TURNS:
            raise RuntimeError(f"more than {TURNS} turns")

    scope = namespace | {"_turn": _turn}
    exec(compile(ast.fix_missing_locations(tree), "<mutant>", "exec"), scope)
    return scope[tree.body[0].name]


def _described(original: str, new: str) -> str:
    """The lines as they read after the change, or those that are gone."""
    changes = list(difflib.ndiff(original.splitlines(), new.splitlines()))
    gone, come = (
        [line[2:].strip() for line in changes if line.startswith(mark)] for mark in ("- ", "+ ")
    )
    if gone == come:
        return f"in the loop: {'; '.join(come)}"
    come = [line for line in come if line != "pass"]
    return "; ".join(come) if come else f"without {'; '.join(gone)}"


def _changed(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies of the tree, a function or a class, with one change each below the signatures."""
    (top,) = tree.body
    functions = top.body if isinstance(top, ast.ClassDef) else [top]
    for function in functions:
        if not isinstance(function, ast.FunctionDef):
            continue
        names = [argument.arg for argument in function.args.args if argument.arg != "self"]
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        for node in itertools.chain.from_iterable(map(ast.walk, body)):
            for replacement in _replacements(node, names):
                yield _with(tree, node, replacement)
    yield from _with_return_in_loop(tree)


def _with(tree: ast.Module, node: ast.AST, replacement: ast.AST) -> ast.Module:
    """A copy of the tree in which something else stands in the place of the node."""
    memo: dict = {}
    copy = deepcopy(tree, memo)
    place = memo[id(node)]

    class Exchange(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return replacement if node is place else self.generic_visit(node)

    return Exchange().visit(copy)


def _altered(node: ast.AST, **fields: object) -> ast.AST:
    new = deepcopy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _replacements(node: ast.AST, names: list[str]) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=operators):
            for i, operator in enumerate(operators):
                if new := EXCHANGED.get(type(operator)):
                    yield _altered(node, ops=[*operators[:i], new(), *operators[i + 1 :]])
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield _altered(node, left=right, right=left)
            yield _altered(node, left=_transposed(left))
            yield _altered(node, right=_transposed(right))
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            if new := EXCHANGED.get(type(operator)):
                yield _altered(node, op=new())
        case ast.Constant(value=value) if type(value) in (int, float):
            for new in (value + 1, value - 1, 2 * value, value / 2, 0):
                yield ast.Constant(int(new) if new == int(new) and type(value) is int else new)
        case ast.Slice(lower=lower, upper=upper):
            for field, bound in (("lower", lower), ("upper", upper)):
                for step in (1, -1) if bound is not None else ():
                    yield _altered(node, **{field: _plus(bound, step)})
        case ast.keyword(arg="axis", value=value):
            for axis in AXES:
                yield _altered(node, value=ast.Constant(axis))
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.Attribute(attr=attr):
            for other in _confused(attr):
                yield _altered(node, attr=other)
        case ast.Name(id=name, ctx=ast.Load()):
            if name in names:
                yield _transposed(node)
            for other in names if name in names else _confused(name):
                yield _altered(node, id=other)
        case ast.If() | ast.IfExp() | ast.While():
            yield from (_altered(node, test=ast.Constant(truth)) for truth in (True, False))
        case ast.comprehension(ifs=[_, *_]):
            yield _altered(node, ifs=[])
    if isinstance(node, ast.stmt) and not isinstance(node, ast.Pass):
        yield ast.Pass()


def _confused(name: str) -> list[str]:
    return sorted(set().union(*(group for group in CONFUSED if name in group)) - {name})


def _transposed(node: ast.AST) -> ast.AST:
    return ast.Attribute(value=node, attr="T", ctx=ast.Load())


def _plus(node: ast.expr, step: int) -> ast.expr:
    return ast.BinOp(left=node, op=ast.Add(), right=ast.Constant(step))


def _with_return_in_loop(tree: ast.Module) -> Iterator[ast.Module]:
    """Copies in which a return that follows a loop is the last line of the loop instead."""
    for node in ast.walk(tree):
        block = getattr(node, "body", None)
        if not isinstance(block, list):
            continue
        for i in range(len(block) - 1):
            if isinstance(block[i], ast.For | ast.While) and isinstance(block[i + 1], ast.Return):
                memo: dict = {}
                copy = deepcopy(tree, memo)
                new = memo[id(block)]
                new[i].body.append(new.pop(i + 1))
                yield copy
