-- +goose Up
-- Every entry that changes the library, with a running digest: the library as
-- of any moment is known by the digest of its last change.
CREATE TABLE regulation_change (
    entry INT8  NOT NULL PRIMARY KEY,
    kind  CTEXT NOT NULL,
    chain CTEXT NOT NULL
);

-- Recorded regulation files, whole.
CREATE TABLE regulation_edition (
    entry    INT8  NOT NULL PRIMARY KEY,
    at       CTEXT NOT NULL,
    actor    CTEXT NOT NULL,
    document CTEXT NOT NULL,
    dated    CTEXT NOT NULL,
    edition  CTEXT NOT NULL,
    over_doc CTEXT NOT NULL,
    file     CTEXT NOT NULL,
    digest   CTEXT NOT NULL,
    yaml     CTEXT NOT NULL
);

-- Proposals of an attestation; state is open, attested or refused.
CREATE TABLE regulation_attest (
    proposed  INT8  NOT NULL PRIMARY KEY,
    at        CTEXT NOT NULL,
    actor     CTEXT NOT NULL,
    document  CTEXT NOT NULL,
    dated     CTEXT NOT NULL,
    edition   CTEXT NOT NULL,
    item      CTEXT NOT NULL,
    choice    CTEXT NOT NULL,
    scan      CTEXT NOT NULL,
    scan_type CTEXT NOT NULL,
    scan_size INT8  NOT NULL,
    page      CTEXT NOT NULL,
    state     CTEXT NOT NULL,
    closed    INT8  NOT NULL,
    closed_at CTEXT NOT NULL,
    closed_by CTEXT NOT NULL
);
CREATE INDEX regulation_attest_item ON regulation_attest (document, dated, edition, item);
CREATE INDEX regulation_attest_state ON regulation_attest (state);

-- What keepers wrote, by the entry that carries the block; '' when erased.
CREATE TABLE regulation_note (
    entry INT8  NOT NULL,
    block CTEXT NOT NULL,
    note  CTEXT NOT NULL,
    PRIMARY KEY (entry, block)
);
