"""Times two queries of one meaning side by side. The first argument names the engine: eql, duckdb-kql or chdb.

Standard input has the events first, as in engine_eql.py, or the tables, as in engine_kql.py, which are taken
2 ** doublings times; then a pair of queries a line.

    {"events": [...], "doublings": 4, "runs": 7, "seconds": 60}
    {"id": 0, "pair": ["...", "..."]}

Standard output gets a line for each pair: {"id": 0, "seconds": [0.1, 0.2], "found": [3, 3]}, the median time of each
query, whose runs take turns, and how many results it has; {"id": 0, "error": "..."}; or {"id": 0, "late": true} once so
many seconds are over. What is timed is the work of one processor, so that other programs count little. Translating and
parsing a query is not timed, where the engine has a step of its own for it; of KQL, results are counted and not fetched.
"""

import json
import statistics
import sys
import time


class Eql:
    def __init__(self, held):
        import engine_eql

        self.module = engine_eql
        self.events = held["events"] * 2 ** held["doublings"]

    def prepare(self, query):
        tree = self.module.parsed(query)
        return lambda: len(self.module.run(tree, self.events))


class DuckDb:
    def __init__(self, held):
        import engine_duckdb

        self.engine = engine_duckdb.DuckDb()
        self.execute = self.engine.connection.execute
        self.execute("SET threads = 1")
        fill(self.engine, held, engine_duckdb.quoted, self.execute)

    def prepare(self, query):
        sql = self.engine.translated(query + COUNT)
        return lambda: self.execute(sql).fetchall()[0][0]


class ClickHouse:
    def __init__(self, held):
        import engine_chdb

        self.engine = engine_chdb.ClickHouse()
        self.engine.session.query("SET max_threads = 1")
        self.query = self.engine.session.query
        fill(self.engine, held, engine_chdb.quoted, self.query)
        self.query("SET dialect = 'kusto'")

    def prepare(self, query):
        return lambda: int(str(self.query(query + COUNT, "TSV")))


COUNT = "\n| count"
ENGINES = {"eql": Eql, "duckdb-kql": DuckDb, "chdb": ClickHouse}


def fill(engine, held, quoted, execute):
    for table in held["tables"]:
        name = table["name"]
        engine.create(name, table["columns"], table["rows"])
        for _ in range(held["doublings"]):
            execute(f"INSERT INTO {quoted(name)} SELECT * FROM {quoted(name)}")


def timed(engine, pair, runs):
    pair = [engine.prepare(query) for query in pair]
    found = [run() for run in pair]
    seconds = [[] for _ in pair]
    for turn in range(runs):
        order = list(enumerate(pair))
        for place, run in order if turn % 2 == 0 else reversed(order):
            start = time.process_time()
            run()
            seconds[place].append(time.process_time() - start)
    return {"seconds": [statistics.median(each) for each in seconds], "found": found}


def main():
    lines = sys.stdin.buffer
    held = json.loads(next(lines))
    engine = ENGINES[sys.argv[1]](held)
    end = time.monotonic() + held["seconds"]
    for line in lines:
        question = json.loads(line)
        try:
            said = timed(engine, question["pair"], held["runs"]) if time.monotonic() < end else {"late": True}
        # An engine that cannot run a query says so; how often that was is reported.
        except Exception as error:  # noqa: BLE001
            said = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({"id": question["id"], **said}), flush=True)


if __name__ == "__main__":
    main()
