package document

import (
	"fmt"
	"strings"

	"minhbach/internal/procedure"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// stepsTable is the course of the steps, one row a person of a ballot and one
// row a review.
func (w *caseWriter) stepsTable(head string) error {
	var rows [][]string
	for _, s := range w.st.Def.Steps {
		h := w.st.Step(s.ID)
		switch {
		case h == nil:
			continue
		case h.Skipped:
			rows = append(rows, []string{s.ID, "", "", "", "Không tổ chức, theo kết luận ghi tại mục " + fmt.Sprint(h.Opening.Entry), "", "", ""})
			continue
		case h.Counted == nil:
			continue
		}
		day := h.Opening.Body.On.Vietnamese()
		if h.Result == nil {
			row, err := w.reviewRow(s.ID, day, h)
			if err != nil {
				return err
			}
			rows = append(rows, row)
			continue
		}
		more, err := w.ballotRows(s.ID, day, h)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	w.table(head, "cac_buoc", rows)
	return nil
}

func (w *caseWriter) reviewRow(id, day string, h *procedure.Step) ([]string, error) {
	e := h.Counted.Entry
	row := []string{id, day, "", "", "", "", "", "thông qua"}
	if f := h.Counted.Body.Figures; f != nil {
		row[2], row[3] = w.optional(f.Summoned, e, "figures.summoned"), w.optional(f.Present, e, "figures.present")
		if v, ok := f.Votes["list"]; ok {
			n := w.fig(v, e, "figures.votes.list")
			row[5] = place(n)
			if f.Summoned != nil {
				row[6] = w.share(n, w.fig(*f.Summoned, e, "figures.summoned"))
			}
		}
	}
	who, err := w.people(h.Passed, h.Opening.Body.On)
	row[4] = "Danh sách: " + who
	return row, err
}

func (w *caseWriter) ballotRows(id, day string, h *procedure.Step) ([][]string, error) {
	e, rec := h.Counted.Entry, h.Record
	var rows [][]string
	for i, l := range h.Result.Results {
		row := []string{"", "", "", "", "", "", "", outcomeWord(l.Outcome)}
		if i == 0 {
			row[0], row[1] = id, day
			if h.Round > 1 {
				row[0] += fmt.Sprintf(" (lần %d)", h.Round)
			}
			if rec != nil && rec.Base != nil {
				row[2], row[3] = w.optional(rec.Base.Summoned, e, "record.base.summoned"), w.optional(rec.Base.Present, e, "record.base.present")
			}
		}
		name, err := w.name(l.Candidate, h.Opening.Body.On)
		if err != nil {
			return nil, err
		}
		row[4] = name
		n := w.fig(l.Votes, e, "record.votes."+l.Candidate)
		row[5] = place(n)
		if l.Share != "" {
			row[6] = w.shareOf(n, h, l.Share)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// shareOf is the share of votes in the base the verdict used: of those
// summoned, present, or of all members, whichever gives it; "" where the base
// is none of the recorded numbers.
func (w *caseWriter) shareOf(n int, h *procedure.Step, want string) string {
	b := h.Record.Base
	if b == nil {
		return ""
	}
	for _, c := range []struct {
		v     *int64
		field string
	}{{b.Summoned, "summoned"}, {b.Incumbents, "incumbents"}, {b.Present, "present"}} {
		if c.v != nil && h.Result.Denominator.Count != nil && *c.v == *h.Result.Denominator.Count {
			return w.share(n, w.fig(*c.v, h.Counted.Entry, "record.base."+c.field))
		}
	}
	return ""
}

func (w *caseWriter) optional(v *int64, entry int64, field string) string {
	if v == nil {
		return ""
	}
	return place(w.fig(*v, entry, field))
}

// people are names in one line.
func (w *caseWriter) people(ids []string, day vn.Date) (string, error) {
	ns, err := names(w.ctx, w.tx, ids, day)
	for i := range ns {
		ns[i] = typed(ns[i])
	}
	return strings.Join(ns, ", "), err
}

func outcomeWord(o vote.Outcome) string {
	switch o {
	case vote.GoesOn, vote.Elected:
		return "được chọn"
	case vote.UnsettledOutcome:
		return "chưa xác định"
	}
	return "không"
}

// stepNotes are the sentences below the table: readings decided, differences
// explained, opinions.
func (w *caseWriter) stepNotes() {
	part := w.part("")
	for _, e := range w.events {
		switch e.What {
		case "reading-decided":
			part.Text = append(part.Text, fmt.Sprintf("Cách hiểu “%s” của mục %s do cấp có thẩm quyền kết luận tại %s (mục %d của nhật ký).", typed(w.reading(e.Body.Item, e.Body.Choice)), w.itemTitle(e.Body.Item), docWords(e.Body.Paper), e.Entry))
		case "difference-explained":
			part.Text = append(part.Text, fmt.Sprintf("Kết quả bước %s khác bước trước, đã làm rõ và báo cáo tại %s.", e.Body.Step, docWords(e.Body.Paper)))
		}
	}
	if len(part.Text) == 0 {
		w.Parts = w.Parts[:len(w.Parts)-1]
	}
}

// opinions are the written opinion of the Party committee and those that
// differ, which go up.
func (w *caseWriter) opinions(head string) {
	if len(w.st.Opinions)+len(w.st.Differ) == 0 {
		return
	}
	part := w.part(head)
	for _, e := range w.st.Opinions {
		part.Text = append(part.Text, "Ý kiến bằng văn bản: "+docWords(e.Body.Paper)+".")
	}
	for _, e := range w.st.Opinions {
		w.said(e)
	}
	for _, e := range w.st.Differ {
		w.part("", fmt.Sprintf("Ý kiến khác của %s, báo cáo lên cấp có thẩm quyền (mục %d của nhật ký):", typed(e.Body.Paper.By), e.Entry))
		w.said(e)
	}
}

// reading is the words of a reading of an item of the case's editions.
func (w *caseWriter) reading(item, choice string) string {
	_, it := w.st.Item(item)
	if it == nil {
		return choice
	}
	for _, r := range it.Readings {
		if r.ID == choice || r.Choose == choice {
			return strings.TrimSuffix(r.Says.VI, ".")
		}
	}
	return "như văn bản ghi"
}

func (w *caseWriter) itemTitle(item string) string {
	if _, it := w.st.Item(item); it != nil {
		return "“" + typed(it.Title.VI) + "”"
	}
	return item
}
