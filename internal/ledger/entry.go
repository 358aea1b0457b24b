package ledger

import (
	"encoding/json"
	"time"
)

// Entry is one recorded fact: what an act put into the record. Entries are
// append-only; Index is the position in the log, from 0, and is also recorded
// time ("when we knew"). An entry holds no personal content: that stands in
// Blocks beside the tree, of which the entry carries salted hashes.
type Entry struct {
	Index    int64           // position in the log, from 0
	At       time.Time       // UTC, whole milliseconds; never before the previous entry's
	Kind     string          // "room.what-happened/version", e.g. "election.contest-recorded/1"
	Act      string          // id of the act that made it; one act may make several entries
	Actor    string          // account id, opaque; "" only for acts of the program itself
	Subjects []Link          // what the entry is about, the main one first; never empty
	Body     json.RawMessage // compact JSON object, numbers, yes/no and opaque ids
	Blocks   []BlockRef      // personal content beside the tree, in name order
}

// Link ties an entry into the chain of one subject: Prev is the index of the
// entry before it about the same subject, -1 for the first.
type Link struct {
	ID   string // e.g. "contest/qh15/dak-nong/1", "person/…", "org/…"
	Prev int64
}

// BlockRef is the commitment to one block of personal content.
type BlockRef struct {
	Name string   // e.g. "candidates"
	Hash [32]byte // Commit(Name, salt, content)
}

// Block is personal content beside the tree. A block may be withheld from a
// bundle or lawfully erased; every entry must apply without it.
type Block struct {
	Index   int64  // entry it belongs to
	Name    string // as in the entry's BlockRef
	Salt    []byte // 16 random bytes
	Content []byte // JSON
}
