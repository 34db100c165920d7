"""The schema's versions: forward only, each a file of migrations/, applied once and in order."""

from importlib.resources import files

from storage.errors import NotOurStore, StoreTooNew, StoreTooOld
from storage.session import Session

VERSIONS = "CREATE TABLE schema_versions (version BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)"
NEWEST = "SELECT version, name FROM schema_versions ORDER BY version DESC LIMIT 1"


def migrations() -> list[tuple[int, str, str]]:
    """Return (version, name, text) of every version that this program knows, in order; a file is NUMBER_name.sql."""
    found = sorted((file.name, file.read_text("utf-8")) for file in files("storage").joinpath("migrations").iterdir())
    return [(int(name[:4]), name[5:].removesuffix(".sql"), text) for name, text in found if name.endswith(".sql")]


def newest_version() -> int:
    return migrations()[-1][0]


def bring_up_to_date(session: Session) -> None:
    """Apply what is missing, in one transaction, once whoever else starts. Raises NotOurStore and StoreTooNew."""
    known = migrations()
    if stored_version(session, newest=known[-1][0]) == known[-1][0]:
        return
    with session.transaction():
        session.one_at_a_time(["schema"])
        stored = stored_version(session, newest=known[-1][0])
        if stored == 0:
            session.change(session.worded(VERSIONS))
        for version, name, text in known[stored:]:
            for statement in filter(None, map(session.worded, _statements(text))):
                session.change(statement)
            session.change("INSERT INTO schema_versions (version, name) VALUES (?, ?)", version, name)


def require_up_to_date(session: Session) -> None:
    """Raise NotOurStore, StoreTooNew or StoreTooOld when a reader could not understand the store."""
    newest = newest_version()
    stored = stored_version(session, newest=newest)
    if stored < newest:
        raise StoreTooOld(
            f"its schema has version {stored}, this tellfirst reads {newest} — `tellfirst run` brings it up to date"
        )


def stored_version(session: Session, *, newest: int) -> int:
    """Return the store's version, 0 for an empty file."""
    tables = {name for (name,) in session.rows(session.tables)}
    if not tables:
        return 0
    if "schema_versions" not in tables:
        raise NotOurStore(f"holds tables of another program ({', '.join(sorted(tables)[:3])}) — name another folder")
    version, name = session.row(NEWEST) or (0, "")
    if version > newest:
        raise StoreTooNew(
            f"its schema has version {version} ({name}), this tellfirst knows {newest} — use the tellfirst that wrote it"
        )
    return int(version)


def _statements(text: str) -> list[str]:
    """Split a migration, in which no statement holds a semicolon; one may say no more than why it is there."""
    parts = [part.strip() for part in text.split(";\n")]
    return [part for part in parts if not all(line.startswith("--") for line in part.splitlines())]
