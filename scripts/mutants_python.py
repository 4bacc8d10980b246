"""Which small changes of a Python module a test should notice; a part of mutants.py.

Annotations, decorators, docstrings, f-strings and what goes into a log line are left as they are.
"""

import ast
import re
from typing import NamedTuple, Optional

COMPARISONS = {
    ast.Lt: ("<", ["<=", ">"]),
    ast.LtE: ("<=", ["<", ">"]),
    ast.Gt: (">", [">=", "<"]),
    ast.GtE: (">=", [">", "<"]),
    ast.Eq: ("==", ["!="]),
    ast.NotEq: ("!=", ["=="]),
    ast.Is: ("is", ["is not"]),
    ast.IsNot: ("is not", ["is"]),
    ast.In: ("in", ["not in"]),
    ast.NotIn: ("not in", ["in"]),
}
ARITHMETIC = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
}
AMOUNT = 100
TWINS = {"max": "min", "min": "max", "any": "all", "all": "any"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
LEFT_ALONE = {"annotation", "returns", "decorator_list"}


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` of a text become ``new``; ``statement`` is the key of what they belong to."""

    start: int
    end: int
    new: str
    statement: Optional[str] = None


def find_edits(text):
    """Every Edit of a module; ``statement`` is None outside functions."""
    source, tree = _Source(text), ast.parse(text)
    edits = {}
    for node, parent, statement in _walk(tree, None, None, False):
        mutate = None if _is_log_call(node) else MUTATIONS.get(type(node))
        for start, end, new in mutate(source, node, parent) if mutate else ():
            if text[start:end] != new:
                edits[start, end, new] = Edit(start, end, new, statement)
    return [edit for edit in edits.values() if _compiles(text[: edit.start] + edit.new + text[edit.end :])]


def statement_key(statement):
    """Names a statement within its module."""
    return f"{statement.lineno}:{statement.col_offset}"


def runs_when_called(node, inside):
    """Whether the statements directly below this node run as part of a function."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return True
    return inside and not isinstance(node, ast.ClassDef)


def nearby(number):
    """One more and one less; for what is rather an amount than a count, twice and half of it."""
    return (number + 1, number - 1) if number < AMOUNT else (number * 2, number // 2)


class _Source:
    """A module's text, where the positions of the parser, in bytes, are found in characters."""

    def __init__(self, text):
        self.text = text
        self._lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node):
        return self._position(node.lineno, node.col_offset)

    def end(self, node):
        return self._position(node.end_lineno, node.end_col_offset)

    def of(self, node):
        return self.text[self.start(node) : self.end(node)]

    def replace(self, node, new):
        return self.start(node), self.end(node), new

    def between(self, left, right, old, new):
        """Replace an operator between two operands."""
        word = r"\b" if old[0].isalpha() else ""
        gap = self.text[self.end(left) : self.start(right)]
        found = re.search(word + re.escape(old).replace(r"\ ", r"\s+") + word, gap)
        return self.end(left) + found.start(), self.end(left) + found.end(), new

    def _position(self, line, column):
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _walk(node, parent, statement, inside):
    """Each node that may be changed, with its parent and the key of the innermost statement in a function."""
    yield node, parent, statement
    if isinstance(node, ast.JoinedStr) or _is_log_call(node):
        return
    for field, value in ast.iter_fields(node):
        if field in LEFT_ALONE or _is_list_of_names(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                runs = isinstance(child, ast.stmt) and runs_when_called(node, inside)
                key = statement_key(child) if runs else statement
                yield from _walk(child, node, key, runs_when_called(node, inside))


def _is_docstring(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_log_call(node):
    called = node.func if isinstance(node, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in LOG_METHODS and "log" in ast.unparse(called.value)


def _is_list_of_names(node):
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


def _compiles(text):
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _compare(source, node, parent):
    operands = [node.left, *node.comparators]
    for operator, left, right in zip(node.ops, operands, operands[1:]):
        old, others = COMPARISONS[type(operator)]
        for new in others:
            yield source.between(left, right, old, new)


def _and_or(source, node, parent):
    old, new, neutral = ("and", "or", "True") if isinstance(node.op, ast.And) else ("or", "and", "False")
    for left, right in zip(node.values, node.values[1:]):
        yield source.between(left, right, old, new)
    for value in node.values:
        yield source.replace(value, neutral)


def _unary(source, node, parent):
    if isinstance(node.op, (ast.Not, ast.USub)):
        yield source.replace(node, source.of(node.operand))


def _arithmetic(source, node, parent):
    is_format = isinstance(node.left, (ast.Constant, ast.JoinedStr)) and isinstance(node.op, ast.Mod)
    if type(node.op) in ARITHMETIC and not is_format:
        yield source.between(node.left, node.right, *ARITHMETIC[type(node.op)])


def _constant(source, node, parent):
    if isinstance(node.value, bool):
        yield source.replace(node, str(not node.value))
    elif isinstance(node.value, (int, float)):
        for new in nearby(node.value):
            yield source.replace(node, repr(new))
    elif isinstance(node.value, (str, bytes)):
        empty, other = ('""', '"mutant"') if isinstance(node.value, str) else ('b""', 'b"mutant"')
        yield source.replace(node, empty if node.value else other)


def _call(source, node, parent):
    arguments = [] if any(isinstance(argument, ast.Starred) for argument in node.args) else node.args
    twin = TWINS.get(node.func.id) if isinstance(node.func, ast.Name) else None
    if twin:
        yield source.replace(node.func, twin)
        for argument in arguments if len(arguments) > 1 else ():
            yield source.replace(node, f"({source.of(argument)})")
    elif len(arguments) >= 2:
        first, second = arguments[:2]
        between = source.text[source.end(first) : source.start(second)]
        yield source.start(first), source.end(second), source.of(second) + between + source.of(first)


def _choice(source, node, parent):
    yield source.replace(node, f"({source.of(node.body)})")
    yield source.replace(node, f"({source.of(node.orelse)})")
    yield from _condition(source, node, parent)


def _condition(source, node, parent):
    """Negate what no other mutation negates."""
    if isinstance(node.test, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.NamedExpr)):
        yield source.replace(node.test, f"(not ({source.of(node.test)}))")


def _comprehension(source, node, parent):
    for condition in node.ifs:
        yield source.replace(condition, "True")


def _return(source, node, parent):
    if node.value is None:
        yield source.replace(node, "pass")
    elif ast.unparse(node.value) != "None":
        yield source.replace(node.value, "None")


def _remove(source, node, parent):
    yield source.replace(node, "pass")


def _remove_expression(source, node, parent):
    if not isinstance(node.value, (ast.Yield, ast.YieldFrom, ast.Constant)):
        yield source.replace(node, "pass")


def _remove_assignment(source, node, parent):
    """Without a local name the next line fails, which any test notices; without an attribute it may not."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    if isinstance(targets[0], (ast.Attribute, ast.Subscript)):
        yield source.replace(node, "pass")


def _remove_addition(source, node, parent):
    yield source.replace(node, "pass")
    if isinstance(node.op, (ast.Add, ast.Sub)):
        old, new = ARITHMETIC[type(node.op)]
        yield source.between(node.target, node.value, f"{old}=", f"{new}=")


MUTATIONS = {
    ast.Compare: _compare,
    ast.BoolOp: _and_or,
    ast.UnaryOp: _unary,
    ast.BinOp: _arithmetic,
    ast.Constant: _constant,
    ast.Call: _call,
    ast.IfExp: _choice,
    ast.If: _condition,
    ast.While: _condition,
    ast.comprehension: _comprehension,
    ast.Return: _return,
    ast.Raise: _remove,
    ast.Delete: _remove,
    ast.Continue: _remove,
    ast.Break: _remove,
    ast.Expr: _remove_expression,
    ast.Assign: _remove_assignment,
    ast.AnnAssign: _remove_assignment,
    ast.AugAssign: _remove_addition,
}
