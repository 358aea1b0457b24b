package ballotbox

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

//go:embed schema/*.sql
var schemas embed.FS

// Room is the counting room for the desk.
func Room() desk.Room {
	sub, err := fs.Sub(schemas, "schema")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return desk.Room{Name: "ballotbox", Schema: sub, Apply: apply, Erase: erase,
		Kinds: []string{KindOpened, KindTeam, KindStock, KindChecked, KindUnsealed, KindPiles, KindReading, KindCompared,
			KindDoubt, KindIncident, KindResolved, KindClosed, KindReported, KindReadable, KindBallot, KindSheet, KindListed, KindDestroyed,
			KindAuditDrawn, KindAuditSeen, KindAuditEnded}}
}

func apply(ctx context.Context, tx *store.Tx, rs []desk.Record) error {
	for i := range rs {
		r := &rs[i]
		f := map[string]func(context.Context, *store.Tx, *desk.Record) error{
			KindOpened: applyOpened, KindTeam: applyTeam, KindStock: applyStock, KindChecked: applyStep, KindUnsealed: applyStep,
			KindPiles: applyPiles, KindReading: applyReading, KindCompared: applyCompared, KindDoubt: applyDoubt,
			KindIncident: applyStep, KindResolved: applyStep, KindClosed: applyClosed, KindReported: applyReported, KindReadable: applyStep,
			KindBallot: applyBallot, KindSheet: applySheet, KindListed: applyListed, KindDestroyed: applyDestroyed,
			KindAuditDrawn: applyAuditDrawn, KindAuditSeen: applyAuditSeen, KindAuditEnded: applyAuditEnded}[r.Kind]
		if err := f(ctx, tx, r); err != nil {
			return fmt.Errorf("ballotbox: entry %d (%s): %w", r.Index, r.Kind, err)
		}
	}
	return nil
}

func flag(v bool) int64 {
	if v {
		return 1
	}
	return 0
}

// block reads a block into v; an absent one leaves v alone.
func block(r *desk.Record, name string, v any) error {
	raw, ok := r.Blocks[name]
	if !ok {
		return nil
	}
	return json.Unmarshal(raw, v)
}

// jsonText is a value as the tables hold it.
func jsonText(v any) (string, error) {
	raw, err := json.Marshal(v)
	return string(raw), err
}

func applyOpened(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b openedBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	sheet, err := jsonText(b.Sheet)
	if err != nil {
		return err
	}
	concerned, err := jsonText(append([]string{}, b.Concerned...))
	if err != nil {
		return err
	}
	team, err := jsonText(b.Team)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO ballotbox_box (id, subject, org, meeting, round, title_vi, title_en, held, mode, pile_size, stations, sample, replaces,
		sheet, concerned, team, officer, entry, stage, incident, closed, reported)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, -1, -1, -1)`,
		b.Box, b.Case, b.Org, b.Meeting, b.Round, b.Title.VI, b.Title.EN, b.Sheet.Date.String(), string(b.Mode), b.PileSize, b.Stations, flag(b.Sample), b.Replaces,
		sheet, concerned, team, r.Actor, r.Index, string(StateOpen))
	if err != nil {
		return err
	}
	return insertNames(ctx, tx, r, b.Box)
}

func insertNames(ctx context.Context, tx *store.Tx, r *desk.Record, box string) error {
	var names []nameRow
	if err := block(r, BlockNames, &names); err != nil {
		return err
	}
	rows := make([][]any, len(names))
	for i, n := range names {
		rows[i] = []any{r.Index, box, n.Role, n.ID, n.Name}
	}
	return tx.Insert(ctx, "ballotbox_name", []string{"entry", "box", "role", "id", "name"}, rows)
}

func applyTeam(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b teamBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	team, err := jsonText(b.Team)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE ballotbox_box SET team = $1 WHERE id = $2`, team, b.Box); err != nil {
		return err
	}
	return insertNames(ctx, tx, r, b.Box)
}

func applyStock(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b stockBody
	var n note
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockReason, &n)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO ballotbox_stock (entry, box, what, number, person, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.Index, b.Box, b.What, b.Number, b.Person, n.Text, stamp(r.At))
	return err
}

// applyStep follows what changes the stage of a box or notes an incident.
func applyStep(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b struct {
		Box    string `json:"box"`
		Person string `json:"person"`
		Choice string `json:"choice"`
		Seal   string `json:"seal"`
		Intact bool   `json:"seal_intact"`
	}
	var n note
	name := BlockReason
	if r.Kind == KindIncident || r.Kind == KindResolved {
		name = BlockIncident
	}
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, name, &n)); err != nil {
		return err
	}
	choice, text := b.Choice, n.Text
	switch r.Kind {
	case KindChecked:
		choice = b.Seal
	case KindUnsealed:
		choice = fmt.Sprint(b.Intact)
	case KindResolved:
		if n.By != "" {
			text = n.By + ": " + n.Text
		}
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_step (entry, box, kind, person, choice, body, note, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.Index, b.Box, r.Kind, b.Person, choice, string(r.Body), text, stamp(r.At)); err != nil {
		return err
	}
	switch {
	case r.Kind == KindChecked:
		return stage(ctx, tx, b.Box, StateSealed)
	case r.Kind == KindUnsealed:
		return stage(ctx, tx, b.Box, StateUnsealed)
	case r.Kind == KindIncident:
		_, err := tx.Exec(ctx, `UPDATE ballotbox_box SET incident = $1 WHERE id = $2`, r.Index, b.Box)
		return err
	case r.Kind == KindResolved:
		return applyResolved(ctx, tx, r, b.Box, b.Choice)
	}
	return nil
}

func stage(ctx context.Context, tx *store.Tx, box string, s State) error {
	_, err := tx.Exec(ctx, `UPDATE ballotbox_box SET stage = $1 WHERE id = $2`, string(s), box)
	return err
}

// applyResolved: a recount takes the box back to where its ballots are counted
// and laid in piles, and every reading begins anew.
func applyResolved(ctx context.Context, tx *store.Tx, r *desk.Record, box, choice string) error {
	if _, err := tx.Exec(ctx, `UPDATE ballotbox_box SET incident = -1 WHERE id = $1`, box); err != nil {
		return err
	}
	switch choice {
	case Annul:
		if err := forget(ctx, tx, box, 0, 0); err != nil {
			return err
		}
		return stage(ctx, tx, box, StateAnnulled)
	case Recount:
		if _, err := tx.Exec(ctx, `UPDATE ballotbox_closing SET void = $1 WHERE box = $2 AND void = -1`, r.Index, box); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE ballotbox_pile SET attempt = attempt + 1, agreed = -1 WHERE box = $1`, box); err != nil {
			return err
		}
		if err := firstOf(forget(ctx, tx, box, 0, 0), shred(ctx, tx, box)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE ballotbox_box SET closed = -1, stage = CASE WHEN stage IN ('reading', 'closed') THEN 'unsealed' ELSE stage END WHERE id = $1`, box)
		return err
	}
	return nil
}

// applyPiles lays the piles; after a recount they keep counting their readings
// on, so that no old form fits the new piles.
func applyPiles(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b pilesBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	var attempt int
	if err := tx.QueryRow(ctx, `SELECT COALESCE(MAX(attempt), 1) FROM ballotbox_pile WHERE box = $1`, b.Box).Scan(&attempt); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM ballotbox_pile WHERE box = $1`, b.Box); err != nil {
		return err
	}
	rows := make([][]any, len(b.Sizes))
	for i, n := range b.Sizes {
		rows[i] = []any{b.Box, i + 1, n, attempt, int64(-1)}
	}
	if err := tx.Insert(ctx, "ballotbox_pile", []string{"box", "pile", "size", "attempt", "agreed"}, rows); err != nil {
		return err
	}
	return stage(ctx, tx, b.Box, StateReading)
}

func applyReading(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b readingBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	text := ""
	if raw, ok := r.Blocks[BlockReading]; ok {
		var c Content
		if err := json.Unmarshal(raw, &c); err != nil {
			return err
		}
		text = c.text()
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_reading (entry, box, pile, station, attempt, kind, source, person, actor, ballots, content, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, r.Index, b.Box, b.Pile, b.Station, b.Attempt, b.Kind, b.Source, b.Person, r.Actor, b.Ballots, text, stamp(r.At)); err != nil {
		return err
	}
	if b.Kind == "scan" {
		return seal(ctx, tx, b.Box, b.Pile)
	}
	return forget(ctx, tx, b.Box, b.Pile, b.Station)
}

// forget deletes drafts: of one station of a pile, or of the whole box. A
// rebuild has none.
func forget(ctx context.Context, tx *store.Tx, box string, pile, station int) error {
	for _, t := range []string{"op_ballotbox_ballot", "op_ballotbox_station"} {
		q, args := `DELETE FROM `+t+` WHERE box = $1`, []any{box}
		if pile > 0 {
			q, args = q+` AND pile = $2 AND station = $3`, append(args, pile, station)
		}
		if _, err := tx.Exec(ctx, q, args...); err != nil {
			return err
		}
	}
	return nil
}

func applyCompared(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b comparedBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_compared (entry, box, pile, attempt, agreed, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		r.Index, b.Box, b.Pile, b.Attempt, flag(b.Agreed), stamp(r.At)); err != nil {
		return err
	}
	q, v := `UPDATE ballotbox_pile SET attempt = $1 WHERE box = $2 AND pile = $3`, any(b.Attempt+1)
	if b.Agreed {
		q, v = `UPDATE ballotbox_pile SET agreed = $1 WHERE box = $2 AND pile = $3`, r.Index
	}
	_, err := tx.Exec(ctx, q, v, b.Box, b.Pile)
	return err
}

func applyDoubt(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b doubtBody
	decisions := map[string]json.RawMessage{}
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockDecision, &decisions)); err != nil {
		return err
	}
	for _, it := range b.Items {
		var attempt int
		if err := tx.QueryRow(ctx, `SELECT attempt FROM ballotbox_pile WHERE box = $1 AND pile = $2`, b.Box, it.Pile).Scan(&attempt); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_doubt (entry, box, pile, n, attempt, decision, person) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			r.Index, b.Box, it.Pile, it.N, attempt, string(decisions[fmt.Sprintf("%d/%d", it.Pile, it.N)]), b.Person); err != nil {
			return err
		}
	}
	return nil
}

func applyClosed(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b closedBody
	var n note
	if err := firstOf(json.Unmarshal(r.Body, &b), block(r, BlockIncident, &n)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO ballotbox_closing (entry, box, person, figures, note, void, at) VALUES ($1, $2, $3, $4, $5, -1, $6)`,
		r.Index, b.Box, b.Person, string(r.Blocks[BlockFigures]), n.Text, stamp(r.At)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE ballotbox_box SET closed = $1, stage = $2 WHERE id = $3`, r.Index, string(StateClosed), b.Box)
	return err
}

func applyReported(ctx context.Context, tx *store.Tx, r *desk.Record) error {
	var b reportedBody
	if err := json.Unmarshal(r.Body, &b); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE ballotbox_box SET reported = $1, stage = $2 WHERE id = $3`, r.Index, string(StateReported), b.Box)
	return err
}

// erase leaves what Apply makes of the entry without the block.
func erase(ctx context.Context, tx *store.Tx, index int64, name string) error {
	var qs []string
	switch name {
	case BlockNames:
		qs = []string{`DELETE FROM ballotbox_name WHERE entry = $1`}
	case BlockReason:
		qs = []string{`UPDATE ballotbox_stock SET note = '' WHERE entry = $1`, `UPDATE ballotbox_step SET note = '' WHERE entry = $1`,
			`UPDATE ballotbox_destroyed SET note = '' WHERE entry = $1`, `UPDATE ballotbox_audit_end SET note = '' WHERE entry = $1`}
	case BlockAudit:
		qs = []string{`UPDATE ballotbox_audit_paper SET content = '' WHERE entry = $1`}
	case BlockLayout:
		qs = []string{`UPDATE ballotbox_layout SET layout = '' WHERE entry = $1`}
	case BlockSheet:
		qs = []string{`UPDATE ballotbox_sheet SET content = '' WHERE entry = $1`}
	case BlockListed:
		qs = []string{`UPDATE ballotbox_listed SET content = '' WHERE entry = $1`}
	case BlockIncident:
		qs = []string{`UPDATE ballotbox_step SET note = '' WHERE entry = $1`, `UPDATE ballotbox_closing SET note = '' WHERE entry = $1`}
	case BlockReading:
		qs = []string{`UPDATE ballotbox_reading SET content = '' WHERE entry = $1`}
	case BlockDecision:
		qs = []string{`UPDATE ballotbox_doubt SET decision = '' WHERE entry = $1`}
	case BlockFigures:
		qs = []string{`UPDATE ballotbox_closing SET figures = '' WHERE entry = $1`}
	}
	for _, q := range qs {
		if _, err := tx.Exec(ctx, q, index); err != nil {
			return fmt.Errorf("ballotbox: erase %s of entry %d: %w", name, index, err)
		}
	}
	return nil
}
