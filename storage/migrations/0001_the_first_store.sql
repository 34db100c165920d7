-- Times and lengths are whole microseconds. Texts that hold lists or maps (state, profile, marks, others, layout, facts, fired, cites,
-- answers, sections, claims) are JSON. PostgreSQL reads this file too, once BLOB is BYTEA and WITHOUT ROWID is gone.

CREATE TABLE facts_of_store (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Sources

CREATE TABLE sources (
    source TEXT NOT NULL,
    part BIGINT NOT NULL,
    next BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (part, source)
) WITHOUT ROWID;

CREATE TABLE slots (slot BIGINT NOT NULL PRIMARY KEY, epoch BIGINT NOT NULL);

CREATE TABLE records_read (
    source TEXT NOT NULL,
    fate TEXT NOT NULL,
    records BIGINT NOT NULL,
    PRIMARY KEY (source, fate)
) WITHOUT ROWID;

CREATE TABLE dead_letters (
    source TEXT NOT NULL,
    position BIGINT NOT NULL,
    raw BLOB NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (source, position)
);

CREATE TABLE dead_letters_gone (how TEXT NOT NULL, reason TEXT NOT NULL, letters BIGINT NOT NULL, PRIMARY KEY (how, reason));

-- Cases and customers

CREATE TABLE layouts (number BIGINT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, layout TEXT NOT NULL, UNIQUE (kind, layout));

CREATE TABLE cases (
    "case" TEXT NOT NULL PRIMARY KEY,
    part BIGINT NOT NULL,
    layout BIGINT NOT NULL,
    memory BLOB NOT NULL,
    ripe_at BIGINT,
    customer TEXT
);
CREATE INDEX cases_armed ON cases (ripe_at, "case") WHERE ripe_at IS NOT NULL;

CREATE TABLE linked_cases ("case" TEXT NOT NULL PRIMARY KEY, others TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE customers (customer TEXT NOT NULL PRIMARY KEY, profile TEXT NOT NULL, marks TEXT NOT NULL);

CREATE TABLE complaints (about TEXT NOT NULL PRIMARY KEY, raised_at BIGINT, resolved_at BIGINT) WITHOUT ROWID;

-- Problems

CREATE TABLE problems (
    problem TEXT NOT NULL PRIMARY KEY,
    rule TEXT NOT NULL,
    "case" TEXT NOT NULL,
    customer TEXT,
    watch_start BIGINT NOT NULL,
    number BIGINT NOT NULL,
    phase TEXT NOT NULL,
    detector TEXT,
    says TEXT NOT NULL,
    at BIGINT NOT NULL,
    phase_at BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    tries BIGINT,
    facts TEXT NOT NULL,
    fired TEXT NOT NULL,
    handed_over_at BIGINT,
    later TEXT,
    hand_over_at BIGINT
);
CREATE INDEX problems_of_case ON problems ("case");
CREATE INDEX problems_to_hand_over ON problems (hand_over_at)
    WHERE hand_over_at IS NOT NULL AND handed_over_at IS NULL AND phase IN ('opened', 'updated');

CREATE TABLE phases (
    problem TEXT NOT NULL,
    place BIGINT NOT NULL,
    identity TEXT NOT NULL,
    rule TEXT NOT NULL,
    "case" TEXT NOT NULL,
    customer TEXT,
    watch_start BIGINT NOT NULL,
    number BIGINT NOT NULL,
    phase TEXT NOT NULL,
    detector TEXT,
    ended_by TEXT,
    says TEXT NOT NULL,
    at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    graver BOOLEAN NOT NULL,
    reopened BOOLEAN NOT NULL,
    tries BIGINT,
    facts TEXT NOT NULL,
    fired TEXT NOT NULL,
    cites TEXT NOT NULL,
    PRIMARY KEY (problem, place)
);

-- Telling. A notice that will not be asked again has no ask_at; told_at is set as soon as a customer may have heard it, and with it
-- by which message, on which channel, and whether that message said sorry.

CREATE TABLE notices (
    notice TEXT NOT NULL PRIMARY KEY,
    problem TEXT NOT NULL,
    rule TEXT NOT NULL,
    "case" TEXT NOT NULL,
    customer TEXT,
    phase TEXT NOT NULL,
    number BIGINT NOT NULL,
    detector TEXT,
    fact TEXT,
    says TEXT NOT NULL,
    at BIGINT NOT NULL,
    found_at BIGINT NOT NULL,
    urgency TEXT NOT NULL,
    graver BOOLEAN NOT NULL,
    answer TEXT NOT NULL,
    reason TEXT,
    ask_at BIGINT,
    claim BIGINT NOT NULL,
    channel TEXT,
    sent_at BIGINT,
    told_at BIGINT,
    told_by TEXT,
    told_on TEXT,
    apology BOOLEAN,
    CHECK (ask_at IS NULL OR answer IN ('waiting', 'held'))
);
CREATE INDEX notices_of_problem ON notices (problem);
CREATE INDEX notices_to_ask ON notices (ask_at, customer) WHERE ask_at IS NOT NULL;
CREATE INDEX notices_held ON notices (reason, customer) WHERE answer = 'held';
CREATE INDEX notices_told_to ON notices (customer, told_at) WHERE told_at IS NOT NULL;

CREATE TABLE gate_answers (
    notice TEXT NOT NULL,
    at BIGINT NOT NULL,
    answers TEXT NOT NULL,
    PRIMARY KEY (notice, at)
);

CREATE TABLE messages (
    message TEXT NOT NULL PRIMARY KEY,
    notice TEXT NOT NULL,
    channel TEXT NOT NULL,
    customer TEXT NOT NULL,
    language TEXT NOT NULL,
    says_sorry BOOLEAN NOT NULL,
    composed_at BIGINT NOT NULL,
    claims TEXT NOT NULL,
    title TEXT NOT NULL,
    sections TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL
);
CREATE INDEX messages_of_notice ON messages (notice);

CREATE TABLE attempts (
    message TEXT NOT NULL,
    tries BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    began_at BIGINT NOT NULL,
    ended_at BIGINT,
    detail TEXT NOT NULL,
    sent_in TEXT,
    receipt TEXT,
    receipt_at BIGINT,
    PRIMARY KEY (message, tries)
) WITHOUT ROWID;
CREATE INDEX attempts_sent_in ON attempts (sent_in) WHERE sent_in IS NOT NULL;

CREATE TABLE promises (
    notice TEXT NOT NULL PRIMARY KEY,
    problem TEXT NOT NULL,
    rule TEXT NOT NULL,
    "case" TEXT NOT NULL,
    customer TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    keep_at BIGINT NOT NULL,
    news_before BIGINT NOT NULL,
    state TEXT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX promises_of_problem ON promises (problem);
CREATE INDEX promises_to_keep ON promises (keep_at) WHERE state = 'made';

-- What people and the breaker decided

CREATE TABLE rules (
    rule TEXT NOT NULL PRIMARY KEY,
    stage TEXT NOT NULL,
    live_since BIGINT,
    fingerprint TEXT NOT NULL,
    breaker_open BOOLEAN NOT NULL
) WITHOUT ROWID;

CREATE TABLE fired (
    rule TEXT NOT NULL,
    minute BIGINT NOT NULL,
    part BIGINT NOT NULL,
    problems BIGINT NOT NULL,
    PRIMARY KEY (rule, minute, part)
) WITHOUT ROWID;

CREATE TABLE silences (
    silence TEXT NOT NULL PRIMARY KEY,
    rule TEXT,
    "case" TEXT,
    customer TEXT,
    starts BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;
