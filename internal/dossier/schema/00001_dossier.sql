-- +goose Up
-- Files of persons: the file as a whole.
CREATE TABLE dossier_file (
	person CTEXT NOT NULL PRIMARY KEY,
	class  CTEXT NOT NULL,
	state  CTEXT NOT NULL, -- kept, lost, restored, closed
	said   INT8 NOT NULL,  -- entry of that state
	opened INT8 NOT NULL
);

-- Who holds the file, from a day on; one row a wording.
CREATE TABLE dossier_custody (
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL, -- -1: stands
	fact       INT8 NOT NULL,
	person     CTEXT NOT NULL,
	org        CTEXT NOT NULL,
	valid_from CTEXT NOT NULL,
	decision   CTEXT NOT NULL, -- JSON
	handover   CTEXT NOT NULL, -- collective handover it came by, or ''
	withdrawn  INT8 NOT NULL
);
CREATE INDEX dossier_custody_person ON dossier_custody (person, entry_to);
CREATE INDEX dossier_custody_org ON dossier_custody (org, entry_to);

-- Papers of the file, one row a wording of a version of a paper.
CREATE TABLE dossier_doc (
	entry_from INT8 NOT NULL PRIMARY KEY,
	entry_to   INT8 NOT NULL, -- -1: stands
	person     CTEXT NOT NULL,
	doc        CTEXT NOT NULL,
	version    INT8 NOT NULL, -- of the paper, from 1
	class      CTEXT NOT NULL,
	state      CTEXT NOT NULL, -- kept, missing, lost, restored, withdrawn
	filed      CTEXT NOT NULL, -- day it came into the file
	content    INT8 NOT NULL,  -- entry whose block document it means
	said       INT8 NOT NULL   -- entry whose block state says why, -1 none
);
CREATE INDEX dossier_doc_person ON dossier_doc (person, entry_to);
CREATE INDEX dossier_doc_state ON dossier_doc (state, entry_to);

-- Personal content, one row a block; erasing blanks it to what it is when the
-- block is absent.
CREATE TABLE dossier_content (
	entry   INT8 NOT NULL,
	block   CTEXT NOT NULL,
	present INT8 NOT NULL,
	content CTEXT NOT NULL, -- JSON, '' when absent
	PRIMARY KEY (entry, block)
);

-- Which scans a block names.
CREATE TABLE dossier_scan (
	entry  INT8 NOT NULL,
	n      INT8 NOT NULL,
	person CTEXT NOT NULL,
	hash   CTEXT NOT NULL,
	PRIMARY KEY (entry, n)
);
CREATE INDEX dossier_scan_hash ON dossier_scan (person, hash);

-- What was said of whole kinds of papers; the last one said of a kind holds.
CREATE TABLE dossier_mark (
	entry  INT8 NOT NULL,
	n      INT8 NOT NULL,
	person CTEXT NOT NULL,
	kind   INT8 NOT NULL,
	state  CTEXT NOT NULL, -- not-arising, to-supply, undetermined
	PRIMARY KEY (entry, n)
);
CREATE INDEX dossier_mark_person ON dossier_mark (person, kind);

-- +goose Down
DROP TABLE dossier_mark;
DROP TABLE dossier_scan;
DROP TABLE dossier_content;
DROP TABLE dossier_doc;
DROP TABLE dossier_custody;
DROP TABLE dossier_file;
