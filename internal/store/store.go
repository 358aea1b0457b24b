// Package store opens the one database of the program, SQLite or PostgreSQL,
// and gives transactions with the same SQL on both: one writer at a time,
// readers on a snapshot. Statements use $1, $2 … and list their columns.
//
// Shared SQL: booleans are 0/1 integers; times are RFC 3339 text with
// milliseconds in UTC, days are YYYY-MM-DD text, an open end is ” (empty
// text); JSON is text. Migrations write the column types CTEXT (text in byte
// order: TEXT on SQLite, TEXT COLLATE "C" on PostgreSQL), INT8 (64-bit) and
// BYTES, which Migrate replaces for the database at hand.
package store
