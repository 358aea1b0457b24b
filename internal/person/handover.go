package person

import (
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// OpenHandover begins a collective handover: one decision by which units, with
// their members, files and seal, go from one organisation to another. The list
// is drawn from the record on the day before; people in motion are carried one
// by one. Nobody is moved yet.
type OpenHandover struct {
	ID       string // "handover/…"
	From, To string
	On       vn.Date  // first day under the new organisation
	Units    []string // that go, each with all under it; empty: only the members of From itself
	Files    int64    // member files handed over
	Letters  int64    // complaints and denunciations still open
	Seal     bool
	Decision org.Decision
}

// AcceptHandover is the other side's receipt: what really came.
type AcceptHandover struct {
	ID                     string
	To                     string
	Official, Probationary int64
	Files                  int64
	Seal                   bool
	Closing                int64  // members of the receiving side afterwards, by its own count
	Differences            string // in words, beside the tree; needed when something differs
}

// SignHandover signs the minutes for one side. The second signature closes the
// handover: units move and members follow, if the balance closes.
type SignHandover struct {
	ID     string
	Org    string // From or To
	Signer string // beside the tree
}

// Motion is a person in the middle of something when the handover begins.
type Motion struct {
	Person string  `json:"person"`
	What   string  `json:"what"` // ceremony, probation, recognise, transfer, badge, temporary, suspended, exempt, voted
	Org    string  `json:"org"`
	Due    vn.Date `json:"due,omitzero"`
}

// HandoverList is what is handed over.
type HandoverList struct {
	ID           string       `json:"id"`
	From         string       `json:"source"`
	To           string       `json:"target"`
	On           vn.Date      `json:"on"`
	Units        []string     `json:"units,omitempty"`
	Official     []string     `json:"official,omitempty"`
	Probationary []string     `json:"probationary,omitempty"`
	Motions      []Motion     `json:"motions,omitempty"`
	Files        int64        `json:"files"`
	Letters      int64        `json:"letters"`
	Seal         bool         `json:"seal"`
	Opening      int64        `json:"opening"`     // members of To before
	GiverHad     int64        `json:"giver_had"`   // members of From before
	GiverKeeps   int64        `json:"giver_keeps"` // members of From after
	Decision     org.Decision `json:"decision,omitzero"`
}

// In is how many members come.
func (l HandoverList) In() int64 { return int64(len(l.Official) + len(l.Probationary)) }

// HandoverReceipt is what the other side received.
type HandoverReceipt struct {
	ID           string `json:"id"`
	Official     int64  `json:"official"`
	Probationary int64  `json:"probationary"`
	Files        int64  `json:"files"`
	Seal         bool   `json:"seal"`
	Closing      int64  `json:"closing"`
	Differs      bool   `json:"differs,omitzero"`
}

// Handover is one handover as it stands.
type Handover struct {
	List                                         HandoverList
	Receipt                                      *HandoverReceipt
	Opened, Accepted, SignedSource, SignedTarget int64 // entries, -1 not yet
}

// Closed says whether both sides have signed.
func (h Handover) Closed() bool { return h.SignedSource >= 0 && h.SignedTarget >= 0 }

// Gaps lists what does not agree between list and receipt, by name of the
// figure; empty when the balance closes: opening + in − out = closing.
func (h Handover) Gaps() []string {
	if h.Receipt == nil {
		return []string{"receipt"}
	}
	var out []string
	r, l := h.Receipt, h.List
	for _, x := range []struct {
		name string
		ok   bool
	}{{"official", r.Official == int64(len(l.Official))}, {"probationary", r.Probationary == int64(len(l.Probationary))}, {"files", r.Files == l.Files},
		{"seal", r.Seal == l.Seal}, {"closing", l.Opening+r.Official+r.Probationary == r.Closing}} {
		if !x.ok {
			out = append(out, x.name)
		}
	}
	return out
}

const (
	kindHandoverOpened   = "person.handover-opened/1"
	kindHandoverAccepted = "person.handover-accepted/1"
	kindHandoverSigned   = "person.handover-signed/1"
)

// HandedOver is the step by which a member follows a collective handover.
const HandedOver Step = "handed-over"
