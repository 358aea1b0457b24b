-- +goose Up
-- The ledger: canonical bytes of each entry and their leaf hash.
CREATE TABLE ledger_entry (
	idx  INT8 NOT NULL PRIMARY KEY, -- position in the log, from 0
	leaf BYTES NOT NULL,
	data BYTES NOT NULL
);
-- The ledger's shadow for lists: what data says, by columns.
CREATE TABLE ledger_index (
	idx   INT8 NOT NULL PRIMARY KEY,
	at    CTEXT NOT NULL,
	kind  CTEXT NOT NULL,
	act   CTEXT NOT NULL,
	actor CTEXT NOT NULL -- '' for acts of the program itself
);
CREATE INDEX ledger_index_kind ON ledger_index (kind, idx);
CREATE INDEX ledger_index_actor ON ledger_index (actor, idx);
-- The chains: which entries speak of a subject.
CREATE TABLE ledger_ref (
	subject CTEXT NOT NULL,
	idx     INT8 NOT NULL,
	PRIMARY KEY (subject, idx)
);
-- Personal content beside the tree; a row is gone when it was lawfully erased.
CREATE TABLE ledger_block (
	idx     INT8 NOT NULL,
	name    CTEXT NOT NULL,
	salt    BYTES NOT NULL,
	content BYTES NOT NULL,
	PRIMARY KEY (idx, name)
);
-- Roots of complete subtrees, levels 8, 16, 24 …; level 0 is ledger_entry.leaf.
CREATE TABLE ledger_node (
	level INT8 NOT NULL,
	n     INT8 NOT NULL,
	hash  BYTES NOT NULL,
	PRIMARY KEY (level, n)
);
-- Which form made what, for the answer to a form sent twice.
CREATE TABLE op_act (
	id       CTEXT NOT NULL PRIMARY KEY,
	actor    CTEXT NOT NULL,
	digest   CTEXT NOT NULL, -- keyed hash of what was asked, '' once forgotten
	first    INT8 NOT NULL,  -- first entry it made
	count    INT8 NOT NULL   -- number of entries, 0 when nothing had to change
);
