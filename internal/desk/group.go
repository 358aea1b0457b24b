package desk

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// clockSlack is how far the clock may step back, as time servers make it do,
// before writing stops; entries then carry the time of the last one.
const clockSlack = time.Second

// vietnam is the civil time of the record: UTC+7, no summer time.
var vietnam = time.FixedZone("ICT", 7*60*60)

// group is one transaction shared by the acts that came together.
type group struct {
	d   *Desk
	tx  *store.Tx
	out *appender

	acts map[string]*madeAct // by act id: what is in op_act, and made here
	last map[string]int64    // last entry of each subject asked for so far
	rows [][]any             // op_act rows to insert
}

// manyEntries is from how many entries of one act on the ledger's rows are not
// gathered until the end of the group.
const manyEntries = 64

// madeAct is an act that stands in the record.
type madeAct struct {
	actor, digest string
	first, count  int64
}

// fault marks an error after which the transaction cannot be trusted: the
// group rolls back and its acts are tried one by one.
type fault struct{ error }

func (f fault) Unwrap() error { return f.error }

func (d *Desk) newGroup(ctx context.Context, tx *store.Tx, h head, reqs []*request) (*group, error) {
	g := &group{d: d, tx: tx, out: newAppender(tx, h), acts: make(map[string]*madeAct), last: make(map[string]int64)}
	ids := make([]string, len(reqs))
	subjects := make([]string, len(reqs))
	for i, r := range reqs {
		ids[i], subjects[i] = r.form.ID, r.subject
	}
	if err := g.lookupActs(ctx, ids); err != nil {
		return nil, err
	}
	return g, g.lookupLast(ctx, subjects)
}

// lookupActs reads which of these forms have been done before.
func (g *group) lookupActs(ctx context.Context, ids []string) error {
	list, args := inList(ids)
	rows, err := g.tx.Query(ctx, `SELECT id, actor, digest, first, count FROM op_act WHERE id IN `+list, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		m := &madeAct{}
		if err := rows.Scan(&id, &m.actor, &m.digest, &m.first, &m.count); err != nil {
			return err
		}
		g.acts[id] = m
	}
	return rows.Err()
}

// lookupLast reads the last entries of subjects into g.last.
func (g *group) lookupLast(ctx context.Context, subjects []string) error {
	var ask []string
	for _, s := range subjects {
		if _, known := g.last[s]; !known {
			g.last[s] = -1
			ask = append(ask, s)
		}
	}
	for len(ask) > 0 {
		n := min(len(ask), 500)
		list, args := inList(ask[:n])
		ask = ask[n:]
		rows, err := g.tx.Query(ctx, `SELECT subject, MAX(idx) FROM ledger_ref WHERE subject IN `+list+` GROUP BY subject`, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s string
			var idx int64
			if err := rows.Scan(&s, &idx); err != nil {
				return err
			}
			g.last[s] = idx
		}
		if err := rows.Err(); err != nil {
			return err
		}
		rows.Close()
	}
	return nil
}

// do takes one act through: *Error when it is refused (nothing was written),
// fault when the group must roll back.
func (g *group) do(ctx context.Context, r *request) (Receipt, error) {
	f := r.form
	if m := g.acts[f.ID]; m != nil {
		return g.again(ctx, r, m)
	}
	now, err := g.now()
	if err != nil {
		return Receipt{}, err
	}
	today := vn.DateOf(now.In(vietnam))
	var drafts []Draft
	err = guarded(func() error {
		if !r.own {
			if err := g.d.cfg.Authority.May(ctx, g.tx, f.Actor, today, f.Act.Need()); err != nil {
				return err
			}
			if more, asks := f.Act.(MoreNeeds); asks {
				for _, n := range more.MoreNeeds() {
					if err := g.d.cfg.Authority.May(ctx, g.tx, f.Actor, today, n); err != nil {
						return err
					}
				}
			}
		}
		if err := g.seen(ctx, f, r.subject); err != nil {
			return err
		}
		s := &Scene{Tx: g.tx, Now: now, Today: today, Actor: f.Actor, ActID: f.ID, Head: g.out.head.last()}
		if s.Rules, err = g.d.Rules(ctx, g.tx); err != nil {
			return err
		}
		drafts, err = f.Act.Decide(ctx, s)
		return err
	})
	if err != nil {
		var no *Error
		if errors.As(err, &no) {
			return Receipt{}, no
		}
		return Receipt{}, fault{fmt.Errorf("desk: act %s: %w", f.Act.Name(), err)}
	}
	rs, err := g.append(ctx, f, now, drafts)
	if err == nil && len(rs) >= manyEntries {
		err = g.out.flush(ctx) // stored while the rooms make their own rows
	}
	if err == nil {
		err = g.d.houses.apply(ctx, g.tx, rs)
	}
	if err != nil {
		return Receipt{}, fault{fmt.Errorf("desk: act %s: %w", f.Act.Name(), err)}
	}
	m := &madeAct{f.Actor, r.digest, g.out.head.size() - int64(len(rs)), int64(len(rs))}
	g.acts[f.ID] = m
	g.rows = append(g.rows, []any{f.ID, m.actor, m.digest, m.first, m.count})
	rec := Receipt{Act: f.ID}
	for _, x := range rs {
		rec.Entries = append(rec.Entries, x.Entry)
		if x.Kind == KindErased {
			r.erases = true
		}
	}
	return rec, nil
}

// again answers a form that was sent before.
func (g *group) again(ctx context.Context, r *request, m *madeAct) (Receipt, error) {
	if m.actor != r.form.Actor || m.digest != "" && m.digest != r.digest {
		return Receipt{}, Wrong("", "Biểu mẫu này đã được gửi với nội dung khác. Hãy mở lại trang và nhập lại.",
			"This form was sent before with other content. Open the page again and enter it anew.")
	}
	rec := Receipt{Act: r.form.ID, Repeated: true}
	rs, err := Range(ctx, g.tx, m.first, m.first+m.count)
	if err != nil {
		return Receipt{}, fault{err}
	}
	for _, x := range rs {
		rec.Entries = append(rec.Entries, x.Entry)
	}
	return rec, nil
}

// now is the time of the next entries.
func (g *group) now() (time.Time, error) {
	now := g.d.cfg.Clock().UTC().Truncate(time.Millisecond)
	last := g.out.head.at
	if behind := last.Sub(now); behind > 0 {
		if behind > clockSlack {
			return now, clockBehind(now, last)
		}
		now = last
	}
	return now, nil
}

func clockBehind(now, last time.Time) *Error {
	const f = "15:04:05 02/01/2006"
	n, l := now.In(vietnam).Format(f), last.In(vietnam).Format(f)
	return &Error{Code: Stopped, Says: rule.Words{
		VI: fmt.Sprintf("Đồng hồ của máy (%s) chậm hơn mục cuối của nhật ký (%s). Tạm dừng ghi; hãy chỉnh lại đồng hồ rồi gửi lại.", n, l),
		EN: fmt.Sprintf("The machine's clock (%s) is behind the last entry of the ledger (%s). Writing is stopped; set the clock right and send again.", n, l),
	}}
}

// seen refuses an act whose author has not seen the newest entry.
func (g *group) seen(ctx context.Context, f Form, subject string) error {
	if f.Seen == AnySeen {
		return nil
	}
	last := g.last[subject]
	if last <= f.Seen && f.Seen <= g.out.head.last() {
		return nil
	}
	if f.Seen < -1 || f.Seen > g.out.head.last() {
		return Wrong("seen", "Biểu mẫu không hợp lệ: mục đã xem không có trong nhật ký. Hãy mở lại trang.",
			"The form is not valid: the entry it says was seen is not in the ledger. Open the page again.")
	}
	e := &Error{Code: Stale, Says: rule.Words{
		VI: "Nội dung này đã có thay đổi sau khi anh/chị mở trang. Hãy xem các thay đổi rồi nhập lại.",
		EN: "This was changed after you opened the page. Look at what changed, then enter again.",
	}}
	if err := settled(ctx, g.tx); err != nil {
		return err
	}
	rows, err := g.tx.Query(ctx, `SELECT idx FROM ledger_ref WHERE subject = $1 AND idx > $2 ORDER BY idx LIMIT 100`, subject, f.Seen)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var idx int64
		if err := rows.Scan(&idx); err != nil {
			return err
		}
		e.Newer = append(e.Newer, idx)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return e
}

// append gives drafts their places in the log.
func (g *group) append(ctx context.Context, f Form, now time.Time, drafts []Draft) ([]Record, error) {
	rs := make([]Record, 0, len(drafts))
	var subjects []string
	for _, d := range drafts {
		subjects = append(subjects, d.Subjects...)
	}
	if err := g.lookupLast(ctx, subjects); err != nil { // at once: an import has thousands
		return nil, err
	}
	for _, d := range drafts {
		if g.d.houses.byKind[d.Kind] == nil {
			return nil, fmt.Errorf("kind %q is unknown: no room of this program owns it", d.Kind)
		}
		e := ledger.Entry{Index: g.out.head.next(), At: now, Kind: d.Kind, Act: f.ID, Actor: f.Actor}
		for _, s := range d.Subjects {
			e.Subjects = append(e.Subjects, ledger.Link{ID: s, Prev: g.last[s]})
			g.last[s] = e.Index
		}
		var err error
		if e.Body, err = compact(d.Body); err != nil {
			return nil, fmt.Errorf("body of %s: %w", d.Kind, err)
		}
		blocks, content, err := salted(e.Index, d.Blocks)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", d.Kind, err)
		}
		for _, b := range blocks {
			e.Blocks = append(e.Blocks, ledger.BlockRef{Name: b.Name, Hash: ledger.Commit(b.Name, b.Salt, b.Content)})
		}
		data, err := e.Encode()
		if err != nil {
			return nil, err
		}
		g.out.add(e, data, blocks)
		rs = append(rs, Record{Entry: e, Blocks: content})
	}
	return rs, nil
}

// salted makes the blocks of an entry, in name order.
func salted(index int64, drafts []DraftBlock) ([]ledger.Block, map[string]json.RawMessage, error) {
	if len(drafts) == 0 {
		return nil, nil, nil
	}
	blocks := make([]ledger.Block, 0, len(drafts))
	content := make(map[string]json.RawMessage, len(drafts))
	for _, d := range drafts {
		b := ledger.Block{Index: index, Name: d.Name, Salt: make([]byte, ledger.SaltSize)}
		_, _ = rand.Read(b.Salt) // crypto/rand does not fail
		var err error
		if b.Content, err = compact(d.Content); err == nil {
			err = b.Validate()
		}
		if err != nil {
			return nil, nil, fmt.Errorf("block %q: %w", d.Name, err)
		}
		blocks = append(blocks, b)
		content[d.Name] = b.Content
	}
	sort.Slice(blocks, func(i, j int) bool { return blocks[i].Name < blocks[j].Name })
	return blocks, content, nil
}

// compact marshals to compact JSON without escaping < > &, which would only
// make bodies harder to read.
func compact(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// finish writes what is gathered; the transaction can then commit.
func (g *group) finish(ctx context.Context) error {
	if err := g.out.flush(ctx); err != nil {
		return err
	}
	return g.tx.Insert(ctx, "op_act", []string{"id", "actor", "digest", "first", "count"}, g.rows)
}
