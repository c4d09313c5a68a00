"""Runs EQL with the engine of the `eql` package, taught what Elasticsearch does otherwise.

The package's parser, its boolean logic over rows and its machine for sequences are asked. Its comparisons are those of
another product, in which case never counts, `?` is no wildcard, a regex need not reach the end, a list is no value and
`not` of a missing field is unknown: those are replaced below, from Elasticsearch's reference, and so is the moment of
`until`, from its sequence matcher.

Standard input has a query a line,

    {"id": 0, "query": "...", "events": [{"id": 0, "time": 0, "fields": {"process.name": ["a"]}}]}

with times in milliseconds and in order. Standard output gets a line for each, {"id": 0, "found": [["0"]]}, the ids of
the events of each match, or {"id": 0, "error": "..."}, and at the end {"answered": 1}.

The package imports every top-level module called `eql_*`, so this one is not called so.
"""

import ipaddress
import json
import re
import sys

import eql.parser
from eql import ast
from eql.engine import PythonEngine
from eql.events import Event
from eql.parser import LarkToEQL, ParserConfig, elasticsearch_syntax, parse_query, skip_optimizations
from eql.schema import EVENT_TYPE_ANY, Schema

TICKS = 10_000  # in a millisecond
TEXT_TESTS = (":", "like", "like~", "regex", "regex~", "in~")
TEXT_FUNCTIONS = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "stringContains": str.__contains__,
}


class Parser(LarkToEQL):
    """Keeps what the package's own parser forgets: which operator it was, and whether case counts."""

    def string_predicate(self, node):
        info = super().string_predicate(node)
        info.node.name = str(node["STRING_PREDICATE"])
        return info

    def in_set(self, node):
        info = super().in_set(node)
        if str(node["IN"]) == "in~":
            info.node = ast.FunctionCall("in~", [info.node.expression, *info.node.container])
        return info

    def function_call(self, node, *args, **kwargs):
        info = super().function_call(node, *args, **kwargs)
        written = str(node.children[0]) if node.data != "method" else ""
        if isinstance(info.node, ast.FunctionCall) and "~" in written:
            info.node.name += "~"
        return info


eql.parser.LarkToEQL = Parser


def name(field):
    return ".".join(map(str, [field.base, *field.path]))


def text(value):
    """A value as a keyword field has it."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


def glob(pattern):
    return "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)


def lucene(pattern):
    """A regex of Lucene for Python: to Lucene, `^` and `$` are characters, unless `^` begins a class."""
    out, escaped, inside = [], False, False
    for c in pattern:
        if escaped:
            escaped = False
        elif c == "\\":
            escaped = True
        elif inside:
            inside = c != "]"
        elif c == "[":
            inside = True
        elif c in "^$":
            out.append("\\")
        out.append(c)
    return "".join(out)


def literal(node):
    """A value of a list: the package has `-3` as a subtraction."""
    return -node.right.value if isinstance(node, ast.MathOperation) else node.value


class Engine(PythonEngine):
    """The package's engine, over events whose fields are lists of values by their dotted names."""

    @classmethod
    def _remove_case(cls, key):
        return key

    def _convert_field(self, node):
        key = name(node)
        return lambda scope: scope.event.data.get(key)

    def _convert_key(self, args, **_):
        """The keys of a sequence: an event without one of them takes no part, and is equal to nothing."""
        keys = [name(arg) for arg in args]

        def values(event):
            found = [event.data.get(key, []) for key in keys]
            return tuple(one[0] for one in found) if all(len(one) == 1 for one in found) else object()

        return values

    def _convert_sequence(self, node, next_pipe):
        """An `until` ends what began with its own event, and not what that completes: it comes after the steps."""
        super()._convert_sequence(node, next_pipe)
        self._any_event_hooks.sort(key=lambda hook: hook.__name__ == "close_sequences")

    def any_value(self, node, holds):
        """A test holds if any value of its field satisfies it, and not where there is none."""
        fields = {name(part) for part in node if isinstance(part, ast.Field)}
        if len(fields) != 1:
            raise NotImplementedError(f"a test of {len(fields)} fields")
        (field,) = fields

        def any_value(scope):
            data = scope.event.data
            values = data.get(field)
            if not isinstance(values, list):
                return bool(values is not None and holds(scope))
            try:
                for value in values:
                    data[field] = value
                    if holds(scope):
                        return True
                return False
            finally:
                data[field] = values

        return any_value

    def _convert_not(self, node):
        holds = self.convert(node.term)
        return lambda scope: not holds(scope)

    def _convert_comparison(self, node):
        left, right = self.convert(node.left), self.convert(node.right)
        as_text = isinstance(node.right, ast.String)
        compare = self.check_types(node.function)

        def holds(scope):
            value = left(scope)
            return compare(text(value) if as_text and value is not None else value, right(scope))

        return self.any_value(node, holds)

    def _convert_in_set(self, node):
        get, values = self.convert(node.expression), [literal(value) for value in node.container]
        if isinstance(values[0], str):
            return self.any_value(node, lambda scope: text(get(scope)) in values)
        return self.any_value(node, lambda scope: get(scope) in values)

    def _convert_function_call(self, node):
        function, caseless = node.name.removesuffix("~"), node.name.endswith("~") or node.name == ":"
        get, values = self.convert(node.arguments[0]), node.arguments[1:]
        if node.name in TEXT_TESTS:
            convert = lucene if function == "regex" else re.escape if function == "in" else glob
            regex = "|".join(f"(?:{convert(value.value)})" for value in values)
            # Elasticsearch folds the letters of ASCII alone.
            regex = re.compile(regex, re.DOTALL | re.ASCII | (re.IGNORECASE if caseless else 0))
            return self.any_value(node, lambda scope: regex.fullmatch(text(get(scope))) is not None)
        if function in TEXT_FUNCTIONS:
            test, part = TEXT_FUNCTIONS[function], self.convert(values[0])
            fold = lower if caseless else str
            return self.any_value(node, lambda scope: test(fold(text(get(scope))), fold(part(scope))))
        if function == "cidrMatch":
            networks = [ipaddress.ip_network(value.value, strict=False) for value in values]
            ranges = [(bits(one.network_address), bits(one.broadcast_address)) for one in networks]

            def within(scope):
                address = bits(text(get(scope)))
                return address is not None and any(first <= address <= last for first, last in ranges)

            return self.any_value(node, within)
        # A function within a test: asked value by value by the test around it.
        return super()._convert_function_call(node)

    def _convert_is_null(self, node):
        get = self.convert(node.expr)
        return lambda scope: not get(scope)

    def _convert_is_not_null(self, node):
        get = self.convert(node.expr)
        return lambda scope: bool(get(scope))


def bits(address):
    """An address as Elasticsearch indexes it: those of IPv4 stand among those of IPv6. None, if it is none."""
    try:
        address = ipaddress.ip_address(address)
    except ValueError:
        return None
    return int(address) if address.version == 6 else 0xFFFF << 32 | int(address)


def lower(value):
    return "".join(c.lower() if c.isascii() else c for c in value)


def of_any_category(tree):
    """Asks for the category as for any other field, so that an event of two categories is one event."""
    for node in tree:
        if isinstance(node, ast.EventQuery) and node.event_type != EVENT_TYPE_ANY:
            category = ast.InSet(ast.Field("event", ["category"]), [ast.String(node.event_type)])
            node.query = ast.And([category, node.query])
            node.event_type = EVENT_TYPE_ANY
    return tree


def parsed(query):
    with Schema({}, allow_missing=True), elasticsearch_syntax, skip_optimizations, ParserConfig(allow_runs=True):
        return of_any_category(parse_query(query, implied_any=True))


def run(tree, events):
    found = []
    engine = Engine({"flatten": False})
    with Schema({}, allow_missing=True), elasticsearch_syntax, skip_optimizations, ParserConfig(allow_runs=True):
        engine.add_query(tree)
    engine.add_output_hook(lambda match: found.append([str(event.data[""]) for event in match.events]))
    for event in events:
        engine.stream_event(Event("event", event["time"] * TICKS, {**event["fields"], "": event["id"]}))
    engine.finalize()
    return sorted(found)


def main():
    answered = 0
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            said = {"found": run(parsed(question["query"]), question["events"])}
        # Whatever the package raises is its answer; which of those are known is for the caller to say.
        except Exception as error:  # noqa: BLE001
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": question["id"], **said}))
        answered += 1
    print(json.dumps({"answered": answered}))


if __name__ == "__main__":
    main()
