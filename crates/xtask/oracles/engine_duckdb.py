"""Runs KQL with `duckdb-kql`. See engine_kql.py for what is asked and answered."""

import duckdb_kql

import engine_kql

TYPES = {
    "text": "VARCHAR",
    "long": "BIGINT",
    "real": "DOUBLE",
    "bool": "BOOLEAN",
    "datetime": "TIMESTAMPTZ",
}


class DuckDb:
    def __init__(self):
        self.connection = duckdb_kql.connect()
        self.connection.execute("SET TimeZone = 'UTC'")

    def create(self, name, columns, rows):
        typed = ", ".join(f"{quoted(column)} {TYPES[kind]}" for column, kind in columns)
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} ({typed})")
        if rows:
            place = "(" + ", ".join("?" * len(columns)) + ")"
            values = [engine_kql.value(value, kind) for row in rows for value, (_, kind) in zip(row, columns)]
            self.connection.execute(f"INSERT INTO {quoted(name)} VALUES {', '.join([place] * len(rows))}", values)

    def translated(self, query):
        """The query in SQL."""
        return duckdb_kql.kql(self.connection, query).sql_query()

    def run(self, query):
        result = duckdb_kql.kql(self.connection, query)
        names = [column[0] for column in result.description]
        return names, result.fetchall()


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


if __name__ == "__main__":
    engine_kql.answer(DuckDb())
