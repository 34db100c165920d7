-- In which minutes of the last four weeks something came by a topic, and in which somebody looked: by slot, packed.

CREATE TABLE minutes (
    source TEXT NOT NULL,
    part BIGINT NOT NULL,
    since BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    heard BLOB NOT NULL,
    looked BLOB NOT NULL,
    PRIMARY KEY (part, source)
);
