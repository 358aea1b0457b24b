package election

import (
	"encoding/json"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// The bodies of the entries, as docs/formats describe them. Published versions
// never change meaning; fields may be added.

type eventBody struct {
	Event    string     `json:"event"`
	Kind     string     `json:"kind"`
	Date     vn.Date    `json:"date"`
	Org      string     `json:"organisation,omitempty"`
	Title    rule.Words `json:"title"`
	Sample   bool       `json:"sample,omitempty"`
	Official *Official  `json:"official,omitempty"`
}

type recordedBody struct {
	Contest    string       `json:"contest"`
	Event      string       `json:"event"`
	Title      rule.Words   `json:"title"`
	Place      string       `json:"place,omitempty"`
	Unit       int          `json:"unit,omitempty"`
	Area       string       `json:"area,omitempty"`
	Sample     bool         `json:"sample,omitempty"`
	Candidates int          `json:"candidates"` // how many are on the list
	Record     *vote.Record `json:"record"`
	Source     Source       `json:"source"`
	Corrects   *int64       `json:"corrects,omitempty"`
	// Adopts names, in a correction, the editions that took the place of those
	// the contest was pinned to, each under its transition clause.
	Adopts []rule.Moved `json:"adopts,omitempty"`
}

// recordedView is recordedBody as Apply reads it: the record stays the bytes
// it is, and only what the tables need is taken out.
type recordedView struct {
	Contest  string          `json:"contest"`
	Event    string          `json:"event"`
	Title    rule.Words      `json:"title"`
	Place    string          `json:"place"`
	Unit     int             `json:"unit"`
	Area     string          `json:"area"`
	Sample   bool            `json:"sample"`
	Record   json.RawMessage `json:"record"`
	Source   json.RawMessage `json:"source"`
	Corrects *int64          `json:"corrects"`
}

type recordView struct {
	Rules      string `json:"rules"`
	Date       string `json:"date"`
	Seats      int64  `json:"seats"`
	Candidates []struct {
		ID string `json:"id"`
	} `json:"candidates"`
}

type countedBody struct {
	Contest string       `json:"contest"`
	Result  *vote.Result `json:"result"`
}

type countedView struct {
	Contest string          `json:"contest"`
	Result  json.RawMessage `json:"result"`
}

type announcedBody struct {
	Contest string `json:"contest"`
	Counted int64  `json:"counted"`
}

type minutesBody struct {
	Contest    string            `json:"contest"`
	Version    int64             `json:"version"` // entry of the version the minutes speak of
	Numbers    []Citation        `json:"numbers"`
	Files      map[string]string `json:"files"`
	Checkpoint Point             `json:"checkpoint"`
}

type importedBody struct {
	Event    string `json:"event"`
	Contests int    `json:"contests"`
	File     string `json:"file"`
	Digest   string `json:"digest"`
}
