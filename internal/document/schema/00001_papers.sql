-- +goose Up
-- What happened to papers and templates: their state is the fold of it.
CREATE TABLE document_event (
	entry   INT8 NOT NULL PRIMARY KEY,
	subject CTEXT NOT NULL,
	at      CTEXT NOT NULL,
	actor   CTEXT NOT NULL,
	kind    CTEXT NOT NULL,
	body    CTEXT NOT NULL,
	words   CTEXT NOT NULL -- JSON of the block, '' when absent or erased
);
CREATE INDEX document_event_subject ON document_event (subject, entry);

-- +goose Down
DROP TABLE document_event;
