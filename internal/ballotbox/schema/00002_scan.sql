-- +goose Up
-- The ballot of a box as it was released; the newest is in force.
CREATE TABLE ballotbox_layout (
    entry    INT8  NOT NULL PRIMARY KEY,
    box      CTEXT NOT NULL,
    digest   CTEXT NOT NULL,
    scan     INT8  NOT NULL, -- 1: scans may be read by the program; 0: for hand counting only
    tried    INT8  NOT NULL,
    failed   INT8  NOT NULL,
    person   CTEXT NOT NULL,
    layout   CTEXT NOT NULL, -- names, '' when absent
    at       CTEXT NOT NULL
);
CREATE INDEX ballotbox_layout_box ON ballotbox_layout (box, entry);

-- What people said of sheets the program could not read; the newest of a
-- picture is in force.
CREATE TABLE ballotbox_sheet (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    pile    INT8  NOT NULL,
    picture CTEXT NOT NULL, -- SHA-256 of the picture
    undo    INT8  NOT NULL,
    content CTEXT NOT NULL, -- sealed: the pattern, '' when absent
    person  CTEXT NOT NULL
);
CREATE INDEX ballotbox_sheet_picture ON ballotbox_sheet (box, pile, picture, entry);

-- Pictures of the ballots destroyed.
CREATE TABLE ballotbox_destroyed (
    entry    INT8  NOT NULL PRIMARY KEY,
    box      CTEXT NOT NULL,
    person   CTEXT NOT NULL,
    pictures INT8  NOT NULL,
    note     CTEXT NOT NULL,
    at       CTEXT NOT NULL
);
CREATE INDEX ballotbox_destroyed_box ON ballotbox_destroyed (box, entry);

-- Scanned sheets and their pictures, encrypted under a key outside the
-- database, without a time and named by their own hash: first while the pile is
-- being staged, then, moved in the order of the hashes, until they are
-- destroyed with the ballots. Tables named so go into no backup.
CREATE TABLE op_ballotbox_scan_ballot (
    box    CTEXT NOT NULL,
    pile   INT8  NOT NULL,
    id     CTEXT NOT NULL,
    said   BYTES NOT NULL, -- what the program read, encrypted
    shown  BYTES NOT NULL, -- the pictures, encrypted
    PRIMARY KEY (box, pile, id)
);
CREATE TABLE op_ballotbox_kept_ballot (
    box    CTEXT NOT NULL,
    pile   INT8  NOT NULL,
    id     CTEXT NOT NULL,
    said   BYTES NOT NULL,
    shown  BYTES NOT NULL,
    PRIMARY KEY (box, pile, id)
);
