-- How far each slot was seen; and no row that the workers of several slots must wait for each other to count in.

ALTER TABLE slots ADD COLUMN w BIGINT;
ALTER TABLE slots ADD COLUMN own_w BIGINT;
ALTER TABLE slots ADD COLUMN lag BIGINT NOT NULL DEFAULT 0;
ALTER TABLE slots ADD COLUMN seen_at BIGINT;

ALTER TABLE records_read RENAME TO records_read_before;
CREATE TABLE records_read (
    source TEXT NOT NULL,
    part BIGINT NOT NULL,
    fate TEXT NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (source, part, fate)
) WITHOUT ROWID;
INSERT INTO records_read (source, part, fate, records) SELECT source, 0, fate, records FROM records_read_before;
DROP TABLE records_read_before;

-- In PostgreSQL a row is changed in its place as long as no index is concerned and its page has room: nearly every event moves ripe_at.

-- only PostgreSQL
DROP INDEX cases_armed;
-- only PostgreSQL
CREATE INDEX cases_of_part ON cases (part);
-- only PostgreSQL
ALTER TABLE cases SET (fillfactor = 70);
