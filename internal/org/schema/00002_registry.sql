-- +goose Up
-- What an organisation has from a day on besides name, kind and parent: level,
-- codes, seal, seat. One row a wording; the latest day that has come holds.
CREATE TABLE org_detail (
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,  -- -1: stands
	fact       INT8 NOT NULL,
	org        CTEXT NOT NULL,
	detail     CTEXT NOT NULL, -- level, code.party, seal …
	valid_from CTEXT NOT NULL,
	value      CTEXT NOT NULL, -- '': none from that day on
	decision   CTEXT NOT NULL, -- JSON
	withdrawn  INT8 NOT NULL,
	PRIMARY KEY (entry_from, org, detail)
);
CREATE INDEX org_detail_org ON org_detail (org, entry_to);
CREATE INDEX org_detail_value ON org_detail (detail, value);

-- Where units went: num/den of source became part of target on a day.
CREATE TABLE org_lineage (
	entry_from INT8 NOT NULL,
	seq        INT8 NOT NULL,
	entry_to   INT8 NOT NULL,
	fact       INT8 NOT NULL,
	source     CTEXT NOT NULL,
	target     CTEXT NOT NULL,
	how        CTEXT NOT NULL, -- merged, split, replaced, functions
	num        INT8 NOT NULL,
	den        INT8 NOT NULL,
	note       CTEXT NOT NULL, -- which functions, in words
	valid_from CTEXT NOT NULL,
	decision   CTEXT NOT NULL,
	withdrawn  INT8 NOT NULL,
	PRIMARY KEY (entry_from, seq)
);
CREATE INDEX org_lineage_source ON org_lineage (source, entry_to);
CREATE INDEX org_lineage_target ON org_lineage (target, entry_to);

-- +goose Down
DROP TABLE org_lineage;
DROP TABLE org_detail;
