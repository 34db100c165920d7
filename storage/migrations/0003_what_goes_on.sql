-- What goes on to Kafka, in the order in which it was written. A row stays until the brokers have it.

CREATE TABLE outgoing (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    "key" BLOB,
    value BLOB,
    headers TEXT NOT NULL,
    lane BIGINT
);

CREATE INDEX outgoing_routed ON outgoing (number) WHERE topic = 'routed';

-- A dead letter keeps all that its record had: a topic's has a key and headers too.

ALTER TABLE dead_letters ADD COLUMN "key" BLOB;
ALTER TABLE dead_letters ADD COLUMN headers TEXT NOT NULL DEFAULT '[]';
