"""`upgrade` by the command line: a store is made or brought up to date, and what runs on it is not disturbed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from storage.schema import newest_version
from storage.session import Session
from storage.sqlite import FILE, open_store
from tellfirst.wiring import DATA
from tests.storage.version_1 import left_in
from tests.tellfirst.conftest import Ask
from tests.tellfirst.test_backup import name_database


def test_a_store_of_an_older_version_is_brought_up_to_date(ask: Ask, project: Path) -> None:
    (project / DATA).mkdir(exist_ok=True)
    with closing(sqlite3.connect(project / DATA / FILE, isolation_level=None)) as connection:
        left_in(Session(connection))
    assert ask("--project", str(project), "stats").exit_code != 0

    answer = ask("--project", str(project), "upgrade")

    assert (answer.exit_code, answer.stdout) == (0, f"the store is up to date: version {newest_version()}\n")
    assert "applied" in ask("--project", str(project), "stats").stdout


def test_a_database_without_tables_gets_them_and_again_changes_nothing(ask: Ask, project: Path, schema: str) -> None:
    name_database(project, schema)

    answers = [ask("--project", str(project), "upgrade", "--json") for _ in range(2)]

    assert [json.loads(answer.stdout) for answer in answers] == [{"version": newest_version()}] * 2
    assert ask("--project", str(project), "stats").exit_code == 0


def test_a_store_that_somebody_runs_on_is_refused(ask: Ask, project: Path) -> None:
    with closing(open_store(project / DATA)):
        answer = ask("--project", str(project), "upgrade")

    assert answer.exit_code == 6
    assert "stop it first" in answer.stderr
