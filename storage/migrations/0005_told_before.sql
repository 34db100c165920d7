-- What `recover` knows was told, of notices that this store has not found yet: put back as soon as it finds them.

CREATE TABLE told_before (notice TEXT NOT NULL PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID;
