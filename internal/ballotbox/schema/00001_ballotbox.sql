-- +goose Up
-- One ballot box and how far it is.
CREATE TABLE ballotbox_box (
    id        CTEXT NOT NULL PRIMARY KEY,
    subject   CTEXT NOT NULL, -- of the case counted for
    org       CTEXT NOT NULL,
    meeting   CTEXT NOT NULL,
    round     INT8  NOT NULL,
    title_vi  CTEXT NOT NULL,
    title_en  CTEXT NOT NULL,
    held      CTEXT NOT NULL,
    mode      CTEXT NOT NULL,
    pile_size INT8  NOT NULL,
    stations  INT8  NOT NULL,
    sample    INT8  NOT NULL,
    replaces  CTEXT NOT NULL,
    sheet     CTEXT NOT NULL,
    concerned CTEXT NOT NULL, -- person ids who may not count, JSON
    team      CTEXT NOT NULL,
    officer   CTEXT NOT NULL, -- account that opened it
    entry     INT8  NOT NULL,
    stage     CTEXT NOT NULL, -- open, sealed, unsealed, reading, closed, reported, annulled
    incident  INT8  NOT NULL, -- entry of the incident not resolved yet, -1
    closed    INT8  NOT NULL, -- entry that closed it, -1
    reported  INT8  NOT NULL
);
CREATE INDEX ballotbox_box_subject ON ballotbox_box (subject, entry);

-- Names of candidates and team, keyed by the entry whose block holds them.
CREATE TABLE ballotbox_name (
    entry INT8  NOT NULL,
    box   CTEXT NOT NULL,
    role  CTEXT NOT NULL, -- candidate, team
    id    CTEXT NOT NULL,
    name  CTEXT NOT NULL,
    PRIMARY KEY (entry, role, id)
);
CREATE INDEX ballotbox_name_box ON ballotbox_name (box, role);

-- The stock of ballots; the newest entry of a figure is in force.
CREATE TABLE ballotbox_stock (
    entry  INT8  NOT NULL PRIMARY KEY,
    box    CTEXT NOT NULL,
    what   CTEXT NOT NULL,
    number INT8  NOT NULL,
    person CTEXT NOT NULL,
    note   CTEXT NOT NULL,
    at     CTEXT NOT NULL
);
CREATE INDEX ballotbox_stock_box ON ballotbox_stock (box, entry);

-- Steps of the box: checked, unsealed, incidents and what was decided on them.
CREATE TABLE ballotbox_step (
    entry  INT8  NOT NULL PRIMARY KEY,
    box    CTEXT NOT NULL,
    kind   CTEXT NOT NULL,
    person CTEXT NOT NULL,
    choice CTEXT NOT NULL,
    body   CTEXT NOT NULL,
    note   CTEXT NOT NULL,
    at     CTEXT NOT NULL
);
CREATE INDEX ballotbox_step_box ON ballotbox_step (box, entry);

CREATE TABLE ballotbox_pile (
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    size    INT8  NOT NULL,
    attempt INT8  NOT NULL, -- reading now under way, from 1
    agreed  INT8  NOT NULL, -- entry of the comparison that found them equal, -1
    PRIMARY KEY (box, pile)
);

CREATE TABLE ballotbox_reading (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    station INT8  NOT NULL,
    attempt INT8  NOT NULL,
    kind    CTEXT NOT NULL, -- keyed, totals, other, scan
    source  CTEXT NOT NULL, -- name of the other program
    person  CTEXT NOT NULL,
    actor   CTEXT NOT NULL,
    ballots INT8  NOT NULL,
    content CTEXT NOT NULL, -- sealed: patterns or totals, '' when absent
    at      CTEXT NOT NULL
);
CREATE INDEX ballotbox_reading_box ON ballotbox_reading (box, pile, attempt, station);

CREATE TABLE ballotbox_compared (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    attempt INT8  NOT NULL,
    agreed  INT8  NOT NULL,
    at      CTEXT NOT NULL
);
CREATE INDEX ballotbox_compared_box ON ballotbox_compared (box, pile, attempt);

-- Decisions of the board on doubtful ballots; the newest is in force.
CREATE TABLE ballotbox_doubt (
    entry    INT8  NOT NULL,
    box      CTEXT NOT NULL,
    pile     INT8  NOT NULL,
    n        INT8  NOT NULL,
    attempt  INT8  NOT NULL,
    decision CTEXT NOT NULL, -- sealed, '' when absent
    person   CTEXT NOT NULL,
    PRIMARY KEY (entry, pile, n)
);
CREATE INDEX ballotbox_doubt_box ON ballotbox_doubt (box, pile, n);

CREATE TABLE ballotbox_closing (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    person  CTEXT NOT NULL,
    figures CTEXT NOT NULL, -- sealed, '' when absent
    note    CTEXT NOT NULL,
    void    INT8  NOT NULL, -- entry that made it void by a recount, -1
    at      CTEXT NOT NULL
);

-- Who holds which station of a pile just now, and the ballots keyed there:
-- outside the ledger, without a time, gone when the pile is handed in.
CREATE TABLE op_ballotbox_station (
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    attempt INT8  NOT NULL,
    station INT8  NOT NULL,
    actor   CTEXT NOT NULL,
    PRIMARY KEY (box, pile, attempt, station)
);
CREATE TABLE op_ballotbox_ballot (
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    attempt INT8  NOT NULL,
    station INT8  NOT NULL,
    id      CTEXT NOT NULL, -- made by the page with the ballot
    n       INT8  NOT NULL, -- place in the pile, from 1; 0: taken back
    pattern CTEXT NOT NULL,
    PRIMARY KEY (box, pile, attempt, station, id)
);
