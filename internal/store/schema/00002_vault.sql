-- +goose Up
-- Files of people and cases, encrypted; written and read by package vault
-- alone. owner is the subject of the ledger whose file it is.
CREATE TABLE op_vault (
	owner   CTEXT NOT NULL,
	hash    CTEXT NOT NULL, -- SHA-256 of the plain content, hex
	kind    CTEXT NOT NULL, -- pdf, jpeg, png, tiff, docx, xlsx
	size    INT8 NOT NULL,  -- bytes of the plain content
	made    CTEXT NOT NULL, -- time, UTC
	claimed INT8 NOT NULL,  -- 1: an entry of the ledger names it
	key     CTEXT NOT NULL, -- public half of the key it opens with
	sealed  BYTES NOT NULL, -- age
	PRIMARY KEY (owner, hash)
);
CREATE INDEX op_vault_unclaimed ON op_vault (claimed, made);

-- +goose Down
DROP TABLE op_vault;
