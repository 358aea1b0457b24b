package web

import (
	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// healthView is the self-check of the record in words.
type healthView struct {
	Tag         Tag
	Detail      string
	Fingerprint string
	Problems    []string
}

func (c *Call) health() healthView {
	h := c.s.desk.Health()
	v := healthView{}
	if fp, err := ledger.Fingerprint(c.s.desk.VerifierKey()); err == nil {
		v.Fingerprint = fp
	}
	for _, w := range h.Warnings {
		v.Problems = append(v.Problems, c.Words(w))
	}
	if h.Clock != nil {
		v.Problems = append(v.Problems, c.Words(*h.Clock))
	}
	switch {
	case h.Stopped != nil:
		v.Tag, v.Detail = Tag{"stop", c.T("health.broken")}, c.Words(*h.Stopped)
	case len(h.Findings) > 0:
		v.Tag, v.Detail = Tag{"stop", c.T("health.broken")}, c.Words(h.Findings[0].Says)
	case h.Checking:
		v.Tag, v.Detail = Tag{"wait", c.T("health.checking")}, c.T("health.progress", number(c.Lang, h.Verified), number(c.Lang, h.Size))
	case h.Verified < h.Size:
		v.Tag, v.Detail = Tag{"wait", c.T("health.partly")}, c.T("health.part", number(c.Lang, h.Verified))
	case h.Tables == "agree":
		v.Tag, v.Detail = Tag{"yes", c.T("health.whole")}, c.T("health.tables")
	default:
		v.Tag, v.Detail = Tag{"yes", c.T("health.whole")}, c.T("health.all")
	}
	return v
}

// stopped says why nothing can be written at the moment; empty when it can.
func (c *Call) stopped() string {
	h := c.s.desk.Health()
	if h.Stopped != nil {
		return c.Words(*h.Stopped)
	}
	if h.Clock != nil {
		return c.Words(*h.Clock)
	}
	return ""
}

// ledgerCards is the state of the record on the desk page.
func ledgerCards(c *Call, _ *store.Tx) ([]Card, error) {
	h := c.health()
	state := h.Detail // a whole sentence when something is wrong
	if h.Tag.Kind != "stop" {
		state = c.T("health.card", number(c.Lang, c.s.desk.Head()+1), h.Detail)
	}
	card := Card{Title: c.T("nav.ledger"), Tag: h.Tag, Lines: append([]string{state, c.T("health.key", h.Fingerprint)}, h.Problems...)}
	if c.s.reads.broken.Load() && c.User.Has(desk.CheckLedger) {
		card.Tag = Tag{"stop", c.T("health.broken")}
		card.Lines = append(card.Lines, c.T("reads.bad.card"))
	}
	if c.User.Has(desk.ReadRecord) {
		card.Path, card.Link = "/nhat-ky", c.T("health.open")
	}
	return []Card{card}, nil
}
