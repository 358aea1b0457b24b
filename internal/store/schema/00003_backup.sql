-- +goose Up
-- Backups made and drills of restoring them; the key backups are made to.
CREATE TABLE op_backup (
	id     CTEXT NOT NULL PRIMARY KEY,
	at     CTEXT NOT NULL, -- time, UTC
	what   CTEXT NOT NULL, -- backup, drill, key
	ok     INT8 NOT NULL,
	file   CTEXT NOT NULL, -- name of the file, or the public key
	size   INT8 NOT NULL,
	detail CTEXT NOT NULL  -- JSON of a report, or what was wrong
);
CREATE INDEX op_backup_what ON op_backup (what, at);

-- +goose Down
DROP TABLE op_backup;
