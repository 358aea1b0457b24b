package store

import "testing"

func TestParametersWithoutNames(t *testing.T) {
	for in, want := range map[string]string{
		`INSERT INTO a (b, c) VALUES ($1, $2), ($3, $4)`: `INSERT INTO a (b, c) VALUES (?, ?), (?, ?)`,
		`SELECT 1`: `SELECT 1`,
		`SELECT a FROM b WHERE c = '$1' AND d = $1`:       `SELECT a FROM b WHERE c = '$1' AND d = ?`,
		`SELECT a FROM b WHERE c = 'it''s $9' AND d = $1`: `SELECT a FROM b WHERE c = 'it''s $9' AND d = ?`,
		`SELECT $1, $1`:      `SELECT $1, $1`,
		`SELECT $2, $1`:      `SELECT $2, $1`,
		`SELECT $1, $3`:      `SELECT $1, $3`,
		`SELECT $1a`:         `SELECT $1a`,
		`SELECT $1 -- of $2`: `SELECT $1 -- of $2`,
		`SELECT ?1, $1`:      `SELECT ?1, $1`,
		`SELECT 'open, $1`:   `SELECT 'open, $1`,
	} {
		if got := unnamed(in); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
		}
	}
}
