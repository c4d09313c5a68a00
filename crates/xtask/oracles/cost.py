"""Times two queries of one meaning side by side. The first argument names the engine: eql, duckdb-kql or chdb.

Standard input has a pair a line, each query with its events as in engine_eql.py or its tables as in engine_kql.py,

    {"id": 0, "doublings": 8, "runs": 3, "pair": [{"query": "...", ...}, {"query": "...", ...}]}

where the events are taken 2 ** doublings times. Standard output gets a line for each, {"id": 0, "seconds": [0.1, 0.2],
"found": [3, 3]}: the least time of each query, whose runs alternate, and how many results it has; or {"id": 0,
"error": "..."}. What translates or parses a query is not timed, where the engine has a step of its own for it.
"""

import json
import sys
import time


class Eql:
    def __init__(self):
        import engine_eql

        self.module = engine_eql

    def prepare(self, place, question, doublings):
        events = question["events"] * 2**doublings
        tree = self.module.parsed(question["query"])
        return lambda: len(self.module.run(tree, events))


class DuckDb:
    def __init__(self):
        import engine_duckdb

        self.engine = engine_duckdb.DuckDb()
        self.quoted = engine_duckdb.quoted

    def prepare(self, place, question, doublings):
        query = tables(self.engine, self.quoted, question, place, doublings, self.engine.connection.execute)
        sql = self.engine.translated(query)
        return lambda: len(self.engine.connection.execute(sql).fetchall())


class ClickHouse:
    def __init__(self):
        import engine_chdb

        self.engine = engine_chdb.ClickHouse()
        self.quoted = engine_chdb.quoted

    def prepare(self, place, question, doublings):
        query = tables(self.engine, self.quoted, question, place, doublings, self.engine.session.query)
        return lambda: len(self.engine.run(query)[1])


def tables(engine, quoted, question, place, doublings, execute):
    """Fills the tables of a query, each under a name of its own, and returns the query with those names."""
    query = question["query"]
    for table in question["tables"]:
        name = f"{table['name']}{place}"
        engine.create(name, table["columns"], table["rows"])
        for _ in range(doublings):
            execute(f"INSERT INTO {quoted(name)} SELECT * FROM {quoted(name)}")
        query = query.replace(table["name"], name, 1)
    return query


ENGINES = {"eql": Eql, "duckdb-kql": DuckDb, "chdb": ClickHouse}


def timed(engine, question):
    pair = [engine.prepare(place, one, question["doublings"]) for place, one in enumerate(question["pair"])]
    found = [run() for run in pair]
    seconds = [float("inf")] * len(pair)
    for _ in range(question["runs"]):
        for place, run in enumerate(pair):
            start = time.perf_counter()
            run()
            seconds[place] = min(seconds[place], time.perf_counter() - start)
    return {"seconds": seconds, "found": found}


def main():
    engine = ENGINES[sys.argv[1]]()
    for line in sys.stdin.buffer:
        question = json.loads(line)
        try:
            said = timed(engine, question)
        # An engine that cannot run a query says so; how often that was is reported.
        except Exception as error:  # noqa: BLE001
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": question["id"], **said}))


if __name__ == "__main__":
    main()
