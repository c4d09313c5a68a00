"""Judges EQL queries with the `eql` package in its Elasticsearch mode.

    eql_judge.py [TYPES]

TYPES is a file with a JSON object of field names and Elasticsearch types, `a.*` for all names below `a`; without it, each query is judged against
the types that its own tests give its fields, so that a field used as text and as a number is an error.

Standard input has a query a line, {"id": 0, "query": "..."}. Standard output gets a line for each that the package
does not accept, {"id": 0, "message": "..."}, and at the end {"judged": 1}.
"""

import json
import sys

import eql
from eql import ast
from eql.parser import ParserConfig, elasticsearch_syntax, parse_query, skip_optimizations
from eql.types import TypeHint

# EQL cannot ask fields of the types `text`, `match_only_text`, `flattened` and `nested`: they are unknown here.
TEXT = "keyword constant_keyword wildcard ip date version"
NUMBER = "long integer short byte float double half_float scaled_float unsigned_long"
HINTS = {
    **dict.fromkeys(TEXT.split(), TypeHint.String),
    **dict.fromkeys(NUMBER.split(), TypeHint.Numeric),
    "boolean": TypeHint.Boolean,
}
EXTENSIONS = ParserConfig(allow_runs=True, allow_negation=True, allow_sample=True)


class Fields(eql.Schema):
    """The types of fields, the same for events of every category."""

    def __init__(self, hints, others=None):
        self.hints = hints
        self.others = others
        super().__init__({}, allow_any=True, allow_generic=False, allow_missing=False)

    def validate_event_type(self, event_type):
        return True

    def get_event_type_hint(self, event_type, path):
        name = ".".join(map(str, path))
        hint = self.hints.get(name)
        while hint is None and "." in name:
            name = name.rpartition(".")[0]
            hint = self.hints.get(name + ".*")
        return hint or self.others, None


ANY = Fields({}, TypeHint.Unknown)


def parse(query, schema):
    with schema, elasticsearch_syntax, skip_optimizations, EXTENSIONS:
        return parse_query(query, implied_any=True)


def name(node):
    return ".".join(map(str, [node.base, *node.path])) if isinstance(node, ast.Field) else None


def hint(node):
    if isinstance(node, ast.String):
        return TypeHint.String
    # In this package a truth value is a number to Python, so it is asked for first.
    if isinstance(node, ast.Boolean):
        return TypeHint.Boolean
    if isinstance(node, ast.Number):
        return TypeHint.Numeric
    return None


def typed_by_use(tree):
    """The type that the first test of each field gives it; fields that are only tested for presence have any."""
    hints = {}
    for node in tree:
        if isinstance(node, ast.Comparison):
            pairs = [(node.left, node.right), (node.right, node.left)]
        elif isinstance(node, ast.InSet):
            pairs = [(node.expression, value) for value in node.container]
        elif isinstance(node, ast.FunctionCall):
            pairs = [(node.arguments[0], value) for value in node.arguments[1:]]
        else:
            continue
        for field, value in pairs:
            if name(field) is not None and hint(value) is not None:
                hints.setdefault(name(field), hint(value))
    return Fields(hints, TypeHint.Unknown)


def judge(query, schema):
    """The package's message, or None."""
    try:
        if schema is None:
            parse(query, typed_by_use(parse(query, ANY)))
        else:
            parse(query, schema)
    except eql.errors.EqlError as error:
        return f"{type(error).__name__}: {error}"
    except RecursionError:
        return "RecursionError: nested too deeply for this package"
    # Whatever else the package raises is a fault of its own; which of those are known is for the caller to say.
    except Exception as error:  # noqa: BLE001
        return f"crash: {type(error).__name__}: {error}"
    return None


def main():
    schema = None
    if len(sys.argv) > 1:
        with open(sys.argv[1], encoding="utf-8") as file:
            schema = Fields({field: HINTS.get(kind) for field, kind in json.load(file).items()})
    judged = 0
    for line in sys.stdin.buffer:
        entry = json.loads(line)
        message = judge(entry["query"], schema)
        if message is not None:
            print(json.dumps({"id": entry["id"], "message": message}))
        judged += 1
    print(json.dumps({"judged": judged}))


if __name__ == "__main__":
    main()
