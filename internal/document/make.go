package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/election"
	"minhbach/internal/ledger"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// The names of the files that minutes bind.
const (
	ModelFile = "minutes.json"
	PDFFile   = "minutes.pdf"
	DOCXFile  = "minutes.docx"
)

// zone is the civil time of Viet Nam.
var zone = time.FixedZone("+07", 7*60*60)

// Form is one submission of the minutes form.
type Form struct {
	ID    string // act id
	Seen  int64  // last entry of the contest its author saw
	Actor string
	Now   time.Time // gives the day that stands on the paper
}

// Preview draws up the minutes as they would be made now, without recording
// anything. It refuses what MakeMinutes refuses.
func Preview(ctx context.Context, d *desk.Desk, contest string, set Setting, now time.Time) (*Model, *election.Detail, error) {
	m, det, _, err := preview(ctx, d, contest, set, now)
	return m, det, err
}

func preview(ctx context.Context, d *desk.Desk, contest string, set Setting, now time.Time) (*Model, *election.Detail, ledger.Checkpoint, error) {
	set = set.normal()
	if err := set.validate(); err != nil {
		return nil, nil, ledger.Checkpoint{}, err
	}
	point, _, err := d.Checkpoint(ctx)
	if err != nil {
		return nil, nil, ledger.Checkpoint{}, err
	}
	key, err := ledger.Fingerprint(d.VerifierKey())
	if err != nil {
		return nil, nil, ledger.Checkpoint{}, err
	}
	var m *Model
	var det *election.Detail
	err = d.Read(ctx, func(tx *store.Tx) error {
		if det, err = election.Get(ctx, tx, contest); err != nil {
			return err
		}
		ev, err := election.GetEvent(ctx, tx, det.Event)
		if err != nil {
			return err
		}
		lib, err := d.Rules(ctx, tx)
		if err != nil {
			return err
		}
		if err := det.MinutesReady(lib); err != nil {
			return err
		}
		if m, err = Draft(det, ev, lib, set, vn.DateOf(now.In(zone)), point, key); err != nil {
			return err
		}
		if m.Count, err = countOf(ctx, tx, lib, contest); err != nil {
			return err
		}
		for i := range m.Deductions {
			if m.Deductions[i].Names, err = names(ctx, tx, m.Deductions[i].Who, m.Held); err != nil {
				return err
			}
		}
		return nil
	})
	return m, det, point, err
}

// MakeMinutes draws up the minutes, keeps PDF and DOCX and records the act. The
// files are kept before the act, each under its own hash: a file nobody cites harms
// nothing, a citation without its file would.
func MakeMinutes(ctx context.Context, d *desk.Desk, db *store.DB, f Form, contest string, set Setting) (desk.Receipt, error) {
	if rc, done, err := repeated(ctx, d, f); err != nil || done {
		return rc, err
	}
	m, det, point, err := preview(ctx, d, contest, set, f.Now)
	if err != nil {
		return desk.Receipt{}, err
	}
	own, err := m.own(ctx, d, det.Org)
	if err != nil {
		return desk.Receipt{}, err
	}
	raw, err := m.Canonical()
	if err != nil {
		return desk.Receipt{}, err
	}
	files, err := m.Print(own)
	if err != nil {
		return desk.Receipt{}, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error {
		_, err := store.PutBlob(ctx, tx, files.PDF)
		if err == nil {
			_, err = store.PutBlob(ctx, tx, files.Word)
		}
		return err
	}); err != nil {
		return desk.Receipt{}, fmt.Errorf("document: keep the files: %w", err)
	}
	return d.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: f.Actor, Act: election.MakeMinutes{
		Contest: contest, Org: det.Org, Version: det.Version, Numbers: m.Numbers(), Model: json.RawMessage(raw),
		Files: map[string]string{ModelFile: hash(raw), PDFFile: hash(files.PDF), DOCXFile: hash(files.Word)},
		Point: election.Point{Size: m.Size, Root: hex.EncodeToString(point.Root[:]), Code: m.Code}}})
}

// repeated finds the minutes that this very form made before. Drawn up again
// they would carry a newer checkpoint and so be another act.
func repeated(ctx context.Context, d *desk.Desk, f Form) (rc desk.Receipt, done bool, err error) {
	err = d.Read(ctx, func(tx *store.Tx) error {
		es, err := desk.Find(ctx, tx, desk.Filter{Act: f.ID, Limit: 10})
		if err != nil || len(es) == 0 {
			return err
		}
		if es[0].Actor != f.Actor || es[0].Kind != election.KindMinutes {
			return desk.Wrong("id", "Biểu mẫu này đã được dùng cho việc khác; hãy mở lại trang.", "This form was used for something else; open the page again.")
		}
		rc, done = desk.Receipt{Act: f.ID, Entries: es, Repeated: true}, true
		return nil
	})
	return rc, done, err
}

// own is the template that an organisation has for counting minutes, nil for
// the shipped one; the model remembers its entry.
func (m *Model) own(ctx context.Context, d *desk.Desk, org string) (t *docx.Template, err error) {
	err = d.Read(ctx, func(tx *store.Tx) error {
		var entry *int64
		if t, entry, err = ownTemplate(ctx, tx, CountingMinutes.subject(org)); entry != nil {
			m.Template = *entry
		}
		return err
	})
	return t, err
}

// Files are the files of recorded minutes by name, each equal to its recorded
// hash. Erased minutes have none.
func Files(ctx context.Context, tx *store.Tx, min *election.Minutes) (map[string][]byte, error) {
	if min.Model == nil {
		return nil, desk.Missing("Nội dung biên bản đã được rút khỏi hồ sơ.", "The minutes were removed from the record.")
	}
	raw := []byte(min.Model)
	if hash(raw) != min.Files[ModelFile] {
		return nil, fmt.Errorf("document: the model of the minutes in entry %d does not match its hash", min.Entry)
	}
	out := map[string][]byte{ModelFile: raw}
	for _, name := range []string{PDFFile, DOCXFile} {
		want := min.Files[name]
		if want == "" {
			continue // minutes older than the Word file have none
		}
		content, err := keptOr(ctx, tx, want, func() (Printed, error) {
			m, err := Parse(raw)
			if err != nil {
				return Printed{}, err
			}
			own, err := templateAt(ctx, tx, m.Template)
			if err != nil {
				return Printed{}, err
			}
			return m.Print(own)
		})
		if err != nil {
			return nil, err
		}
		out[name] = content
	}
	return out, nil
}

// keptOr is a file by its hash from the store, or printed again where it is
// gone. A file of another edition of the program's drawing cannot be printed
// again as it was: then it is missing, in plain words.
func keptOr(ctx context.Context, tx *store.Tx, want string, again func() (Printed, error)) ([]byte, error) {
	raw, err := store.GetBlob(ctx, tx, want)
	if err == nil || !errors.Is(err, store.ErrNoBlob) {
		return bytes.Clone(raw), err
	}
	p, err := again()
	if err != nil {
		return nil, err
	}
	for _, raw := range [][]byte{p.PDF, p.Word} {
		if hash(raw) == want {
			return raw, nil
		}
	}
	return nil, desk.Missing("Tệp này không còn trong kho và không in lại được đúng như bản đã ghi; hãy lấy từ bản sao lưu.", "The file is no longer kept and cannot be printed again as it was recorded; take it from a backup.")
}

// templateAt is the own template that an entry set, nil for entry 0.
func templateAt(ctx context.Context, tx *store.Tx, entry int64) (*docx.Template, error) {
	if entry == 0 {
		return nil, nil
	}
	rec, err := desk.GetRecord(ctx, tx, entry)
	if err != nil {
		return nil, err
	}
	var f paperFact
	if err := json.Unmarshal(rec.Body, &f); err != nil {
		return nil, fmt.Errorf("document: entry %d: %w", entry, err)
	}
	raw, err := store.GetBlob(ctx, tx, f.File)
	if err != nil {
		return nil, desk.Missing("Tệp mẫu riêng không còn trong kho.", "The file of the own template is gone.")
	}
	return docx.Open(raw)
}

func hash(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func (s Setting) normal() Setting {
	trim := func(p *string) { *p = strings.TrimSpace(strings.ReplaceAll(*p, "\r\n", "\n")) }
	for _, p := range []*string{&s.Place, &s.Started, &s.Ended, &s.Upper, &s.Body, &s.Notes, &s.Complaints} {
		trim(p)
	}
	members := func(ms []Member) []Member {
		var out []Member
		for _, m := range ms {
			trim(&m.Role)
			m.Name = vn.NormalizeName(m.Name)
			if m.Role != "" || m.Name != "" {
				out = append(out, m)
			}
		}
		return out
	}
	s.Board, s.Witnesses = members(s.Board), members(s.Witnesses)
	if s.Seal == "" {
		s.Seal = SealFooter
	}
	return s
}

func (s Setting) validate() error {
	for _, f := range []struct {
		field, text string
		most        int
	}{{"place", s.Place, 200}, {"started", s.Started, 60}, {"ended", s.Ended, 60}, {"upper", s.Upper, 200}, {"body", s.Body, 200}, {"notes", s.Notes, 8000}, {"complaints", s.Complaints, 8000}} {
		if vn.Longer(f.text, f.most) {
			return desk.Wrong(f.field, fmt.Sprintf("Nội dung dài quá %d ký tự.", f.most), fmt.Sprintf("This is longer than %d characters.", f.most))
		}
	}
	if len(s.Board) > 60 || len(s.Witnesses) > 20 {
		return desk.Wrong("board", "Danh sách người ký quá dài.", "Too many people sign.")
	}
	for _, m := range append(append([]Member(nil), s.Board...), s.Witnesses...) {
		if vn.Longer(m.Role, 200) || vn.Longer(m.Name, 200) {
			return desk.Wrong("board", "Họ tên hoặc chức danh dài quá 200 ký tự.", "A name or role is longer than 200 characters.")
		}
	}
	switch s.Seal {
	case SealFooter, SealSlip, SealNone:
		return nil
	}
	return desk.Wrong("seal", "Hãy chọn nơi in điểm chứng.", "Choose where the checkpoint is printed.")
}
