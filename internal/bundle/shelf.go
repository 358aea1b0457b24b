package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// Shelf is the regulation library as the ledger makes it, entry by entry:
// editions and overrides as they are recorded, attestations once two different
// keepers gave the same one, days of rest as recorded. The server and the verifier follow the same
// entries with it, so that both replay a verdict with the same rules.
type Shelf struct {
	lib      *rule.Library
	proposed map[int64]proposal // attestations by one keeper, by entry
}

type proposal struct {
	attestedBody
	by string
}

// NewShelf starts with the library built into the program.
func NewShelf() (*Shelf, error) {
	lib, err := rule.Builtin()
	if err != nil {
		return nil, err
	}
	return &Shelf{lib: lib, proposed: map[int64]proposal{}}, nil
}

// Library is the library as it stands after the entries followed so far.
func (s *Shelf) Library() *rule.Library { return s.lib }

type editionBody struct {
	File   string `json:"file"`
	Digest string `json:"digest"` // SHA-256 of YAML, hex
	YAML   string `json:"yaml"`
}

type attestedBody struct {
	Document string  `json:"document"`
	Date     vn.Date `json:"date"`
	Edition  string  `json:"edition"`
	Item     string  `json:"item"`
	Choice   string  `json:"choice"`
	Scan     string  `json:"scan"` // SHA-256 of the scanned page, hex
}

// Follow takes the next entry; kinds that do not touch regulations change
// nothing. An error means that the entry should never have been recorded.
func (s *Shelf) Follow(e ledger.Entry) error {
	switch e.Kind {
	case kindEdition:
		var b editionBody
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err
		}
		if sum := sha256.Sum256([]byte(b.YAML)); hex.EncodeToString(sum[:]) != b.Digest {
			return both("tệp quy định %s không đúng với mã băm ghi kèm", "the regulation file %s is not the one its digest names", clip(b.File))
		}
		lib, err := s.lib.Add(b.File, []byte(b.YAML), e.Index)
		if err != nil {
			return err
		}
		s.lib = lib
	case kindDays:
		var d rule.Days
		if err := json.Unmarshal(e.Body, &d); err != nil {
			return err
		}
		lib, err := s.lib.KnowDays(d)
		if err != nil {
			return err
		}
		s.lib = lib
	case kindProposed:
		var b attestedBody
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err
		}
		s.proposed[e.Index] = proposal{b, e.Actor}
	case kindAttested:
		var b struct {
			attestedBody
			Proposed *int64 `json:"proposed"`
		}
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err
		}
		if b.Proposed == nil {
			return both("xác nhận không có đề xuất của người thứ nhất", "an attestation without the proposal of a first keeper")
		}
		p, ok := s.proposed[*b.Proposed]
		if !ok || p.attestedBody != b.attestedBody || p.by == e.Actor {
			return both("xác nhận không đúng với đề xuất của người khác ở mục %d", "the attestation does not confirm what another keeper proposed in entry %d", *b.Proposed)
		}
		delete(s.proposed, *b.Proposed)
		lib, err := s.lib.Attest(rule.Attestation{Document: rule.DocRef{Number: b.Document, Date: b.Date},
			Edition: b.Edition, Item: b.Item, Choice: b.Choice, Entry: e.Index})
		if err != nil {
			return err
		}
		s.lib = lib
	case kindRefused:
		var b struct {
			Proposed int64 `json:"proposed"`
		}
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err
		}
		delete(s.proposed, b.Proposed)
	}
	return nil
}
