-- +goose Up
-- What happened: the state of a meeting is the fold of its events.
CREATE TABLE meeting_event (
	entry   INT8 NOT NULL PRIMARY KEY,
	subject CTEXT NOT NULL,
	at      CTEXT NOT NULL,
	actor   CTEXT NOT NULL,
	kind    CTEXT NOT NULL,
	body    CTEXT NOT NULL,
	words   CTEXT NOT NULL -- JSON of the block, '' when absent or erased
);
CREATE INDEX meeting_event_subject ON meeting_event (subject, entry);

-- For lists.
CREATE TABLE meeting_meeting (
	id       CTEXT NOT NULL PRIMARY KEY,
	org      CTEXT NOT NULL,
	body     CTEXT NOT NULL,
	level    CTEXT NOT NULL,
	held     CTEXT NOT NULL,
	title_vi CTEXT NOT NULL,
	title_en CTEXT NOT NULL,
	folded   CTEXT NOT NULL,
	term     CTEXT NOT NULL,
	sample   INT8 NOT NULL,
	closed   INT8 NOT NULL,
	entry    INT8 NOT NULL
);
CREATE INDEX meeting_meeting_held ON meeting_meeting (held, entry);

-- +goose Down
DROP TABLE meeting_meeting;
DROP TABLE meeting_event;
