-- +goose Up
CREATE TABLE account_account (
	account   CTEXT NOT NULL PRIMARY KEY,
	type      CTEXT NOT NULL, -- staff, hall, sample
	person    CTEXT NOT NULL,
	org       CTEXT NOT NULL,
	case_id   CTEXT NOT NULL,
	until     CTEXT NOT NULL,
	opened    INT8 NOT NULL,  -- entry; its block "profile" holds login and display
	opened_by CTEXT NOT NULL,
	confirmed INT8 NOT NULL,  -- entry of the second officer, -1 none; the opening itself where none is needed
	closed    INT8 NOT NULL   -- entry, -1 open
);

-- Personal content, one row an opening; blank when withheld or erased.
CREATE TABLE account_profile (
	entry   INT8 NOT NULL PRIMARY KEY,
	present INT8 NOT NULL,
	login   CTEXT NOT NULL,
	display CTEXT NOT NULL
);
CREATE INDEX account_profile_login ON account_profile (login);

CREATE TABLE account_grant (
	grant_id   CTEXT NOT NULL,
	account    CTEXT NOT NULL,
	role       CTEXT NOT NULL,
	org        CTEXT NOT NULL, -- '' the whole province
	case_id    CTEXT NOT NULL, -- '' not bound
	valid_from CTEXT NOT NULL,
	valid_to   CTEXT NOT NULL, -- '' open
	entry_from INT8 NOT NULL,
	entry_to   INT8 NOT NULL,  -- -1 known now
	PRIMARY KEY (grant_id, entry_from)
);
CREATE INDEX account_grant_account ON account_grant (account, entry_to);

-- Outside the ledger from here on.
CREATE TABLE op_credential (
	account  CTEXT NOT NULL PRIMARY KEY,
	hash     CTEXT NOT NULL, -- argon2id with its parameters
	set_at   CTEXT NOT NULL,
	totp     BYTES NOT NULL, -- shared secret, empty: none
	totp_at  INT8 NOT NULL   -- last time step used; none twice
);

CREATE TABLE op_slip (
	account CTEXT NOT NULL,
	number  INT8 NOT NULL,   -- as printed beside the code
	hash    CTEXT NOT NULL,  -- SHA-256 of account and code
	used_at CTEXT NOT NULL,  -- '' unused
	PRIMARY KEY (account, number)
);

CREATE TABLE op_session (
	hash     CTEXT NOT NULL PRIMARY KEY, -- SHA-256 of the token
	id       CTEXT NOT NULL UNIQUE,      -- names it in lists
	account  CTEXT NOT NULL,
	made_at  CTEXT NOT NULL,
	seen_at  CTEXT NOT NULL,
	ends_at  CTEXT NOT NULL,
	address  CTEXT NOT NULL
);
CREATE INDEX op_session_account ON op_session (account);

CREATE TABLE op_invite (
	hash     CTEXT NOT NULL PRIMARY KEY, -- SHA-256 of the token
	account  CTEXT NOT NULL,
	made_at  CTEXT NOT NULL,
	ends_at  CTEXT NOT NULL,
	totp     BYTES NOT NULL              -- secret shown on the enrolment page
);

CREATE TABLE op_guess (
	who      CTEXT NOT NULL PRIMARY KEY, -- hash of the login name, or of the address
	failures INT8 NOT NULL,
	last_at  CTEXT NOT NULL,
	until    CTEXT NOT NULL              -- no try before this
);

CREATE TABLE op_login (
	id      CTEXT NOT NULL PRIMARY KEY,
	at      CTEXT NOT NULL,
	account CTEXT NOT NULL,              -- '' no such account; what was typed is not kept
	address CTEXT NOT NULL,
	outcome CTEXT NOT NULL
);
CREATE INDEX op_login_account ON op_login (account, at);

-- +goose Down
DROP TABLE op_login;
DROP TABLE op_guess;
DROP TABLE op_invite;
DROP TABLE op_session;
DROP TABLE op_slip;
DROP TABLE op_credential;
DROP TABLE account_grant;
DROP TABLE account_profile;
DROP TABLE account_account;
