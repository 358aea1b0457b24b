-- +goose Up
-- One election day or congress, with the contests held under it.
CREATE TABLE election_event (
    id       CTEXT NOT NULL PRIMARY KEY,
    kind     CTEXT NOT NULL,
    held     CTEXT NOT NULL,
    org      CTEXT NOT NULL,
    title_vi CTEXT NOT NULL,
    title_en CTEXT NOT NULL,
    sample   INT8  NOT NULL,
    official CTEXT NOT NULL,
    entry    INT8  NOT NULL
);

-- Every version of a contest; the one in force has entry_to = -1.
CREATE TABLE election_version (
    contest    CTEXT NOT NULL,
    event      CTEXT NOT NULL,
    entry_from INT8  NOT NULL,
    entry_to   INT8  NOT NULL,
    corrects   INT8  NOT NULL,
    at         CTEXT NOT NULL,
    actor      CTEXT NOT NULL,
    place      CTEXT NOT NULL,
    place_key  CTEXT NOT NULL,
    unit       INT8  NOT NULL,
    title_vi   CTEXT NOT NULL,
    title_en   CTEXT NOT NULL,
    area       CTEXT NOT NULL,
    folded     CTEXT NOT NULL,
    rules      CTEXT NOT NULL,
    held       CTEXT NOT NULL,
    seats      INT8  NOT NULL,
    candidates INT8  NOT NULL,
    sample     INT8  NOT NULL,
    record     CTEXT NOT NULL,
    source     CTEXT NOT NULL,
    reason     CTEXT NOT NULL,
    PRIMARY KEY (contest, entry_from)
);
CREATE INDEX election_version_open ON election_version (event, entry_to, place_key, unit);

-- Names and births: personal content, keyed by the entry whose block holds it.
CREATE TABLE election_candidate (
    entry   INT8  NOT NULL,
    contest CTEXT NOT NULL,
    id      CTEXT NOT NULL,
    place   INT8  NOT NULL,
    title   CTEXT NOT NULL,
    name    CTEXT NOT NULL,
    born    CTEXT NOT NULL,
    folded  CTEXT NOT NULL,
    PRIMARY KEY (entry, id)
);

-- The verdict on one version.
CREATE TABLE election_verdict (
    entry      INT8  NOT NULL PRIMARY KEY,
    contest    CTEXT NOT NULL,
    version    INT8  NOT NULL,
    status     CTEXT NOT NULL,
    next       CTEXT NOT NULL,
    counted_of CTEXT NOT NULL,
    base       INT8  NOT NULL,
    need       INT8  NOT NULL,
    elected    INT8  NOT NULL,
    unfilled   INT8  NOT NULL,
    passed     INT8  NOT NULL,
    margin     INT8  NOT NULL,
    margin_ppm INT8  NOT NULL,
    missing    INT8  NOT NULL,
    conditions INT8  NOT NULL,
    result     CTEXT NOT NULL
);
CREATE INDEX election_verdict_version ON election_verdict (contest, version);

CREATE TABLE election_line (
    entry     INT8  NOT NULL,
    contest   CTEXT NOT NULL,
    candidate CTEXT NOT NULL,
    rank      INT8  NOT NULL,
    votes     INT8  NOT NULL,
    share     CTEXT NOT NULL,
    outcome   CTEXT NOT NULL,
    PRIMARY KEY (entry, candidate)
);

-- Which contests a rule decided on.
CREATE TABLE election_use (
    rule     CTEXT NOT NULL,
    document CTEXT NOT NULL,
    dated    CTEXT NOT NULL,
    edition  CTEXT NOT NULL,
    contest  CTEXT NOT NULL,
    entry    INT8  NOT NULL,
    PRIMARY KEY (rule, document, dated, contest, entry)
);

CREATE TABLE election_announcement (
    entry   INT8  NOT NULL PRIMARY KEY,
    contest CTEXT NOT NULL,
    counted INT8  NOT NULL,
    at      CTEXT NOT NULL
);
CREATE INDEX election_announcement_contest ON election_announcement (contest, entry);

CREATE TABLE election_minutes (
    entry   INT8  NOT NULL PRIMARY KEY,
    contest CTEXT NOT NULL,
    version INT8  NOT NULL,
    at      CTEXT NOT NULL,
    actor   CTEXT NOT NULL,
    body    CTEXT NOT NULL,
    model   CTEXT NOT NULL
);
CREATE INDEX election_minutes_contest ON election_minutes (contest, entry);

CREATE TABLE election_import (
    entry    INT8  NOT NULL PRIMARY KEY,
    event    CTEXT NOT NULL,
    contests INT8  NOT NULL,
    file     CTEXT NOT NULL,
    digest   CTEXT NOT NULL
);

-- Files handed in and not recorded yet; outside the ledger.
CREATE TABLE op_election_upload (
    id      CTEXT NOT NULL PRIMARY KEY,
    actor   CTEXT NOT NULL,
    event   CTEXT NOT NULL,
    name    CTEXT NOT NULL,
    at      CTEXT NOT NULL,
    content BYTES NOT NULL
);
