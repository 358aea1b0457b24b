package election

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vote"
)

// MakeMinutes records the minutes of a contest: every number with the entry
// and field it cites, and the files by hash. Package document builds the
// model and the files; Decide checks each number again against the ledger.
type MakeMinutes struct {
	Contest string
	Org     string // of the event
	Version int64  // entry of the version the minutes speak of
	Numbers []Citation
	Files   map[string]string // file name → sha256, hex
	Point   Point             // checkpoint that stands on the paper
	Model   json.RawMessage   // canonical minutes model; personal content
}

func (a MakeMinutes) Name() string    { return "election.make-minutes" }
func (a MakeMinutes) Subject() string { return ContestSubject(a.Contest) }
func (a MakeMinutes) Need() desk.Need {
	return desk.Need{Right: desk.MakeMinutes, Org: a.Org, Case: a.Subject()}
}

// Decide refuses minutes of a contest that is not settled, and minutes with a
// number that is not the one in the ledger.
func (a MakeMinutes) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if _, err := mustContest(ctx, s.Tx, a.Contest, a.Org); err != nil {
		return nil, err
	}
	d, err := Get(ctx, s.Tx, a.Contest)
	if err != nil {
		return nil, err
	}
	if d.Version != a.Version {
		return nil, &desk.Error{Code: desk.Stale, Says: rule.Words{VI: "Cuộc bầu cử đã được đính chính sau khi biên bản được soạn; hãy lập lại.",
			EN: "The contest was corrected after the minutes were drawn up; make them again."}, Newer: []int64{d.Version}}
	}
	if err := d.MinutesReady(s.Rules); err != nil {
		return nil, err
	}
	if err := checkNumbers(ctx, s.Tx, a.Numbers, a.Subject()); err != nil {
		return nil, err
	}
	if a.Point.Size > s.Head+1 || a.Point.Size <= d.Counted || len(a.Model) == 0 || !json.Valid(a.Model) {
		return nil, desk.Wrong("checkpoint", "Điểm chứng trên biên bản không khớp với nhật ký; hãy lập lại biên bản.",
			"The checkpoint on the minutes does not fit the ledger; make the minutes again.")
	}
	if err := checkPoint(ctx, s.Tx, a.Point); err != nil {
		return nil, err
	}
	for name, hash := range a.Files {
		if raw, err := hex.DecodeString(hash); err != nil || len(raw) != 32 || strings.ContainsAny(name, `/\`) {
			return nil, desk.Wrong("files", "Tên hoặc mã băm của tệp biên bản sai.", "A minutes file has a wrong name or hash.")
		}
	}
	return []desk.Draft{{Kind: KindMinutes, Subjects: []string{a.Subject()},
		Body:   minutesBody{a.Contest, a.Version, a.Numbers, a.Files, a.Point},
		Blocks: []desk.DraftBlock{{Name: BlockMinutes, Content: a.Model}}}}, nil
}

// checkPoint holds the checkpoint on the paper against the tree.
func checkPoint(ctx context.Context, tx *store.Tx, p Point) error {
	root, err := tlog.TreeHash(p.Size, ledger.Reader(desk.Hashes(ctx, tx)))
	if err != nil {
		return fmt.Errorf("election: root at %d entries: %w", p.Size, err)
	}
	if hex.EncodeToString(root[:]) != p.Root || (ledger.Checkpoint{Size: p.Size, Root: root}).PaperCode() != p.Code {
		return desk.Wrong("checkpoint", "Điểm chứng trên biên bản không phải của nhật ký này.", "The checkpoint on the minutes is not of this ledger.")
	}
	return nil
}

// MinutesReady says why minutes cannot be made yet, as *desk.Error Refused,
// or nil.
func (d *Detail) MinutesReady(lib *rule.Library) error {
	switch vote.Status(d.Status) {
	case vote.Refused, vote.Unsettled:
		return desk.Refuse("Chưa thể lập biên bản: "+StatusWords(d.Status).VI+".", "Minutes cannot be made yet: "+StatusWords(d.Status).EN+".")
	}
	if d.Missing == 0 {
		return nil
	}
	res, err := d.WithWords(lib)
	if err != nil {
		return err
	}
	var vi, en []string
	for _, f := range res.Findings {
		if f.Kind == "not-recorded" {
			vi, en = append(vi, f.Says.VI), append(en, f.Says.EN)
		}
	}
	return desk.Refuse("Chưa thể lập biên bản vì còn số liệu chưa ghi nhận. "+strings.Join(vi, " "),
		"Minutes cannot be made yet: figures are not recorded. "+strings.Join(en, " "))
}

// checkNumbers holds every cited number against the entry it cites.
func checkNumbers(ctx context.Context, tx *store.Tx, cs []Citation, subject string) error {
	if len(cs) == 0 {
		return desk.Wrong("numbers", "Biên bản không có số liệu nào.", "The minutes hold no numbers.")
	}
	bodies := map[int64]any{}
	for i, c := range cs {
		body, ok := bodies[c.Entry]
		if !ok {
			rec, err := desk.GetRecord(ctx, tx, c.Entry)
			if err != nil {
				return err
			}
			if rec.Subjects[0].ID != subject {
				return numberError(c)
			}
			dec := json.NewDecoder(strings.NewReader(string(rec.Body)))
			dec.UseNumber()
			if err := dec.Decode(&body); err != nil {
				return fmt.Errorf("election: entry %d: %w", c.Entry, err)
			}
			bodies[c.Entry] = body
		}
		if v, ok := FieldValue(body, c.Field); !ok || v != c.Value || c.N != i+1 {
			return numberError(c)
		}
	}
	return nil
}

func numberError(c Citation) error {
	return desk.Wrong("numbers", fmt.Sprintf("Số thứ %d của biên bản (%d) không phải số trong mục %d, trường %s.", c.N, c.Value, c.Entry, c.Field),
		fmt.Sprintf("Number %d of the minutes (%d) is not the one in entry %d, field %s.", c.N, c.Value, c.Entry, c.Field))
}

// FieldValue reads a whole number at a dotted path of a decoded body (numbers
// kept as json.Number); "[2]" takes an element of a list, and a key with dots
// in it is found as the longest that fits.
func FieldValue(body any, path string) (int64, bool) {
	if path == "" {
		n, ok := body.(json.Number)
		if !ok {
			return 0, false
		}
		v, err := strconv.ParseInt(string(n), 10, 64)
		return v, err == nil
	}
	switch x := body.(type) {
	case map[string]any:
		for end := len(path); end > 0; end-- {
			if end != len(path) && path[end] != '.' && path[end] != '[' {
				continue
			}
			if child, ok := x[path[:end]]; ok {
				if v, ok := FieldValue(child, strings.TrimPrefix(path[end:], ".")); ok {
					return v, true
				}
			}
		}
	case []any:
		if rest, ok := strings.CutPrefix(path, "["); ok {
			idx, rest, ok := strings.Cut(rest, "]")
			i, err := strconv.Atoi(idx)
			if ok && err == nil && i >= 0 && i < len(x) {
				return FieldValue(x[i], strings.TrimPrefix(rest, "."))
			}
		}
	}
	return 0, false
}

// Minutes are minutes as recorded.
type Minutes struct {
	Entry   int64
	Contest string
	Version int64
	At      time.Time
	Actor   string
	Numbers []Citation
	Files   map[string]string
	Point   Point
	Model   json.RawMessage // nil when erased
}

// MinutesOf lists the minutes of a contest, newest first.
func MinutesOf(ctx context.Context, tx *store.Tx, contest string) ([]Minutes, error) {
	return minutes(ctx, tx, `SELECT entry, contest, version, at, actor, body, model FROM election_minutes WHERE contest = $1 ORDER BY entry DESC`, contest)
}

// GetMinutes are the minutes one entry recorded, or NotFound.
func GetMinutes(ctx context.Context, tx *store.Tx, entry int64) (*Minutes, error) {
	ms, err := minutes(ctx, tx, `SELECT entry, contest, version, at, actor, body, model FROM election_minutes WHERE entry = $1`, entry)
	if err != nil {
		return nil, err
	}
	if len(ms) == 0 {
		return nil, desk.Missing("Không có biên bản này.", "There are no such minutes.")
	}
	return &ms[0], nil
}

func minutes(ctx context.Context, tx *store.Tx, q string, arg any) ([]Minutes, error) {
	rows, err := tx.Query(ctx, q, arg)
	if err != nil {
		return nil, fmt.Errorf("election: minutes: %w", err)
	}
	defer rows.Close()
	var out []Minutes
	for rows.Next() {
		var m Minutes
		var at, body, model string
		if err := rows.Scan(&m.Entry, &m.Contest, &m.Version, &at, &m.Actor, &body, &model); err != nil {
			return nil, err
		}
		if m.At, err = time.Parse(time.RFC3339, at); err != nil {
			return nil, err
		}
		var b minutesBody
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			return nil, err
		}
		m.Numbers, m.Files, m.Point = b.Numbers, b.Files, b.Checkpoint
		if model != "" {
			m.Model = json.RawMessage(model)
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

func minutesFiles(ctx context.Context, tx *store.Tx, entry int64) ([]string, error) {
	ms, err := minutes(ctx, tx, `SELECT entry, contest, version, at, actor, body, model FROM election_minutes WHERE entry = $1`, entry)
	if err != nil || len(ms) == 0 {
		return nil, err
	}
	var out []string
	for _, name := range []string{"minutes.json", "minutes.pdf", "minutes.docx"} {
		if h := ms[0].Files[name]; h != "" {
			out = append(out, h)
		}
	}
	return out, nil
}

// IsAnnounced says whether the verdict in force was announced: only then the
// hall display may show it.
func (r *Row) IsAnnounced() bool { return r.Announced == r.Counted }
