"""Runs KQL with ClickHouse's Kusto dialect, from `chdb-core`. See engine_kql.py for what is asked and answered."""

import json

from chdb import session

import engine_kql

# As in Kusto, text is never null, and all else may be.
TYPES = {
    "text": "String",
    "long": "Nullable(Int64)",
    "real": "Nullable(Float64)",
    "bool": "Nullable(Bool)",
    "datetime": "Nullable(DateTime64(3, 'UTC'))",
}


class ClickHouse:
    def __init__(self):
        self.session = session.Session()
        self.session.query("SET allow_experimental_kusto_dialect = 1")

    def create(self, name, columns, rows):
        typed = ", ".join(f"{quoted(column)} {TYPES[kind]}" for column, kind in columns)
        self.session.query(f"DROP TABLE IF EXISTS {quoted(name)}")
        self.session.query(f"CREATE TABLE {quoted(name)} ({typed}) ENGINE = Memory")
        if rows:
            names = [column for column, _ in columns]
            kinds = [kind for _, kind in columns]
            lines = [
                json.dumps({name: written(value, kind) for name, value, kind in zip(names, row, kinds)})
                for row in rows
            ]
            self.session.query(f"INSERT INTO {quoted(name)} FORMAT JSONEachRow " + " ".join(lines))

    def run(self, query):
        self.session.query("SET dialect = 'kusto'")
        try:
            result = json.loads(str(self.session.query(query, "JSONCompact")))
        finally:
            self.session.query("SET dialect = 'clickhouse'")
        return [column["name"] for column in result["meta"]], result["data"]


def written(value, kind):
    value = engine_kql.value(value, kind)
    return value.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3] if kind == "datetime" and value is not None else value


def quoted(name):
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


if __name__ == "__main__":
    engine_kql.answer(ClickHouse())
