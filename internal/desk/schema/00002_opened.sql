-- +goose Up
-- Entries whose sealed blocks are open, and the entry that opened them.
CREATE TABLE ledger_opened (
	idx       INT8 NOT NULL PRIMARY KEY,
	opened_by INT8 NOT NULL
);
