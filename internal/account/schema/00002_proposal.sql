-- +goose Up
-- Roles that wait for a second person: their account, or that of who gives
-- them, is bound to no person.
CREATE TABLE account_proposal (
	entry      INT8 NOT NULL PRIMARY KEY,
	account    CTEXT NOT NULL,
	role       CTEXT NOT NULL,
	org        CTEXT NOT NULL, -- '' the whole province
	case_id    CTEXT NOT NULL, -- '' not bound
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' open
	by_account CTEXT NOT NULL,
	settled    INT8 NOT NULL   -- entry that confirmed or refused it, -1 open
);
CREATE INDEX account_proposal_open ON account_proposal (settled, account);

-- +goose Down
DROP TABLE account_proposal;
