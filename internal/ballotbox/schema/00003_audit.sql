-- +goose Up
-- Hand audits of closed boxes: the draw, drawn further, what people saw on each
-- paper, and the end. "drawn" is the entry of the first draw, by which an audit
-- is known.
CREATE TABLE ballotbox_audit (
    entry   INT8  NOT NULL PRIMARY KEY,
    drawn   INT8  NOT NULL,
    box     CTEXT NOT NULL,
    closing INT8  NOT NULL, -- the figures audited
    person  CTEXT NOT NULL,
    seed    CTEXT NOT NULL,
    limited INT8  NOT NULL, -- risk allowed, per mille
    ballots INT8  NOT NULL,
    papers  INT8  NOT NULL, -- drawn so far
    at      CTEXT NOT NULL
);
CREATE INDEX ballotbox_audit_box ON ballotbox_audit (box, entry);

CREATE TABLE ballotbox_audit_paper (
    entry   INT8  NOT NULL PRIMARY KEY,
    box     CTEXT NOT NULL,
    drawn   INT8  NOT NULL,
    no      INT8  NOT NULL, -- of the paper
    undo    INT8  NOT NULL,
    content CTEXT NOT NULL, -- sealed: the pattern, '' when absent
    person  CTEXT NOT NULL
);
CREATE INDEX ballotbox_audit_paper_no ON ballotbox_audit_paper (drawn, no, entry);

CREATE TABLE ballotbox_audit_end (
    entry   INT8  NOT NULL PRIMARY KEY,
    drawn   INT8  NOT NULL,
    box     CTEXT NOT NULL,
    person  CTEXT NOT NULL,
    papers  INT8  NOT NULL,
    risk    INT8  NOT NULL, -- per million, rounded up
    outcome CTEXT NOT NULL,
    note    CTEXT NOT NULL,
    at      CTEXT NOT NULL
);
CREATE INDEX ballotbox_audit_end_box ON ballotbox_audit_end (box, entry);
