"""What the engines of KQL share.

Standard input has a query a line,

    {"id": 0, "query": "...", "shown": ["EventId"],
     "tables": [{"name": "Events", "columns": [["EventId", "long"]], "rows": [[1]]}]}

with times in milliseconds since 1970. Standard output gets a line for each, {"id": 0, "found": [["1"]]}, the shown
columns of each row of the result as text and in order, or {"id": 0, "error": "..."}, and at the end {"answered": 1}.
"""

import datetime
import json
import sys

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def value(value, kind):
    """A value of a row, as Python has it."""
    if kind == "datetime" and value is not None:
        return EPOCH + datetime.timedelta(milliseconds=value)
    return value


def text(value):
    return "" if value is None else str(value)


def answer(engine):
    answered = 0
    created = None
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            # The queries of one rule come one after the other, over the same rows.
            if question["tables"] != created:
                created = None
                for table in question["tables"]:
                    engine.create(table["name"], table["columns"], table["rows"])
                created = question["tables"]
            names, rows = engine.run(question["query"])
            places = [names.index(name) for name in question["shown"]]
            said = {"found": sorted([text(row[place]) for place in places] for row in rows)}
        # Whatever an engine raises is its answer; which of those are known is for the caller to say.
        except Exception as error:  # noqa: BLE001
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": question["id"], **said}))
        answered += 1
    print(json.dumps({"answered": answered}))
