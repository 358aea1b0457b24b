package document

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"minhbach/internal/course"
	"minhbach/internal/desk"
	"minhbach/internal/ledger"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// CaseSetting is what the person who makes a paper of a case adds.
type CaseSetting struct {
	PaperSetting
	Sign    string   // line of number and sign, where the form knows none
	Address []string // to whom it is submitted
	// Of a decision that is not recorded yet:
	Outcome      string // procedure.OutcomeAppoint …
	Since, Until vn.Date
}

// caseWriter writes the papers of one case.
type caseWriter struct {
	*writer
	st     *course.View
	events []procedure.Event
	row    procedure.TableRow // of the table of managing levels
	post   string             // title and body in words
	set    CaseSetting
}

// loadCase reads what the papers of a case stand on.
func loadCase(ctx context.Context, tx *store.Tx, lib *rule.Library, id string) (*caseWriter, error) {
	events, err := procedure.Timeline(ctx, tx, id, -1)
	if err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	w := &caseWriter{events: events}
	if w.st, err = course.See(lib, procedure.Fold(events)); err != nil {
		return nil, err
	}
	if w.row, _, err = procedure.PostRow(ctx, tx, w.st.Org, w.st.Title, w.st.Opened); err != nil {
		return nil, err
	}
	u, _, err := org.Get(ctx, tx, w.st.Org, org.Now(w.st.Opened))
	if err != nil {
		return nil, err
	}
	t, _ := person.TitleOf(w.st.Title)
	w.post = t.VI + ", " + u.Name
	w.writer = &writer{Paper: &Paper{}, ctx: ctx, tx: tx, lib: lib, known: map[string]int{}}
	return w, nil
}

// DraftCasePaper writes a paper of a case as it would be made now. about is the
// person it speaks of, "" for the extract list.
func DraftCasePaper(ctx context.Context, tx *store.Tx, lib *rule.Library, kind PaperKind, id, about string, set CaseSetting, today vn.Date, point ledger.Checkpoint, key string) (*Paper, error) {
	w, err := loadCase(ctx, tx, lib, id)
	if err != nil {
		return nil, err
	}
	if lacks := w.lacks(kind, about); len(lacks) > 0 {
		return nil, desk.Refuse(lacks[0].VI, lacks[0].EN)
	}
	if !w.st.Clock.IsZero() { // a sample case lives on its own day
		today = w.st.Clock
	}
	form, err := FormOn(today)
	if err != nil {
		return nil, err
	}
	if err := set.validate(form); err != nil {
		return nil, err
	}
	if len(set.Sign) > 100 || len(set.Address) > 5 || len(strings.Join(set.Address, "")) > 1000 {
		return nil, desk.Wrong("address", "Số ký hiệu hoặc nơi trình dài quá.", "The sign or the addressee is too long.")
	}
	p := w.Paper
	*p = *set.head(kind, about, form, today, point, key)
	p.Case, p.Sample, p.Wide, p.Class = id, w.st.Sample, lying(kind), classMark[w.st.Class]
	if form.Abbr[kind] == "" {
		p.Sign = typed(set.Sign)
	}
	set.Address, set.Notes = typedLines(set.Address), typed(set.Notes)
	w.set = set
	switch kind {
	case StepMinutes:
		err = w.stepMinutes()
	case ExtractList:
		err = w.extractList()
	case CourseSheet:
		err = w.courseSheet()
	case Submission:
		err = w.submission()
	case AppraisalSheet:
		err = w.appraisal()
	case CaseDecision:
		err = w.decision()
	}
	if err != nil {
		return nil, err
	}
	p.endBasis()
	return p, nil
}

var classMark = map[procedure.Class]string{procedure.Secret: "MẬT", procedure.TopSecret: "TỐI MẬT"}

// CasePaperLacks says what is missing before a paper of a case can be made;
// nothing when it can.
func CasePaperLacks(ctx context.Context, tx *store.Tx, lib *rule.Library, kind PaperKind, id, about string) ([]rule.Words, error) {
	w, err := loadCase(ctx, tx, lib, id)
	if err != nil {
		return nil, err
	}
	return w.lacks(kind, about), nil
}

// CaseLacks loads a case once and says of each kind of paper what CasePaperLacks
// says.
func CaseLacks(ctx context.Context, tx *store.Tx, lib *rule.Library, id string) (func(kind PaperKind, about string) []rule.Words, error) {
	w, err := loadCase(ctx, tx, lib, id)
	if err != nil {
		return nil, err
	}
	return w.lacks, nil
}

// CasePaperAbout lists what a kind of paper of a case may speak of: "" alone
// for the extract list, each step that was counted for minutes, else the person
// submitted, or those the last step chose.
func CasePaperAbout(st *procedure.State, kind PaperKind) []string {
	if kind == StepMinutes {
		var out []string
		for i := range st.Steps {
			if s := &st.Steps[i]; s.Result != nil && !slices.Contains(out, s.ID) {
				out = append(out, s.ID)
			}
		}
		return out
	}
	if lying(kind) { // of the whole case
		return []string{""}
	}
	if st.SubmittedAt != nil {
		return []string{st.SubmittedAt.Body.Person}
	}
	if kind == Submission && st.Phase == procedure.Finished && len(st.Chosen()) > 0 {
		return st.Chosen()
	}
	return []string{""}
}

func (w *caseWriter) lacks(kind PaperKind, about string) (out []rule.Words) {
	say := func(vi, en string) { out = append(out, rule.Words{VI: vi, EN: en}) }
	st := w.st
	if st.Class == procedure.RegisterOnly {
		say("Hồ sơ chỉ vào sổ: giấy của hồ sơ không lập trên máy này.", "The case is register-only: its papers are not made on this machine.")
		return out
	}
	here := 0
	for _, p := range st.Persons {
		if p.Left {
			continue
		}
		if here++; len(p.Lines) == 0 && kind == ExtractList {
			name, err := w.name(p.ID, st.Opened)
			if err != nil {
				name = p.ID
			}
			say("Chưa đối chiếu điều kiện của "+name+".", "The conditions of "+name+" were not checked.")
		}
	}
	if here == 0 {
		say("Chưa có nhân sự trong hồ sơ.", "Nobody is in the case yet.")
	}
	if kind == StepMinutes && !slices.Contains(CasePaperAbout(st.State, kind), about) {
		say("Bước này chưa có kết quả kiểm phiếu.", "This step has no count yet.")
	}
	if kind == CourseSheet && !slices.ContainsFunc(st.Steps, func(h procedure.Step) bool { return h.Counted != nil }) {
		say("Chưa bước nào có kết quả.", "No step has a result yet.")
	}
	if lying(kind) || kind == StepMinutes {
		return out
	}
	if next := st.Next(); next != nil && !st.Phase.Over() {
		say("Chưa xong "+lower(next.Title.VI)+".", "Not done yet: "+next.Title.EN+".")
	}
	for _, s := range w.st.Def.Steps {
		if st.Differs(s) && !st.Explained(s) {
			say("Kết quả bước "+s.ID+" khác bước "+s.Compare+", chưa làm rõ.", "The result of step "+s.ID+" differs from step "+s.Compare+" and was not explained.")
		}
	}
	switch kind {
	case Submission:
		if st.Phase.Over() && st.SubmittedAt == nil {
			say("Hồ sơ dừng trước khi trình.", "The case ended before it was submitted.")
		}
	case AppraisalSheet, CaseDecision:
		if st.SubmittedAt == nil {
			say("Chưa ghi tờ trình (số, ngày) vào hồ sơ.", "The submission (number, day) is not recorded yet.")
		}
	}
	if kind == CaseDecision {
		if st.SubmittedAt != nil && st.AppraisedAt == nil {
			say("Chưa ghi kết quả thẩm định.", "The appraisal is not recorded yet.")
		}
		if len(st.OpenLetters()) > 0 {
			say("Còn đơn thư chưa xử lý hoặc báo cáo.", "A letter is neither handled nor reported.")
		}
		if st.Phase == procedure.Returned || st.Phase == procedure.Stopped {
			say("Hồ sơ đã trả lại hoặc dừng, không có quyết định.", "The case was returned or stopped; there is no decision.")
		}
	}
	if len(out) == 0 && about == "" {
		say("Hãy chọn người mà giấy nói về.", "Choose whom the paper is about.")
	}
	if about != "" && (kind == Submission || st.SubmittedAt != nil) && !slices.Contains(CasePaperAbout(st.State, kind), about) {
		say("Người này không phải người được trình.", "This is not the person submitted.")
	}
	return out
}

// lower is a title in the middle of a sentence.
func lower(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = []rune(strings.ToLower(string(r[0])))[0]
	}
	return string(r)
}

// upper is a word at the head of a sentence.
func upper(s string) string {
	r := []rune(s)
	if len(r) > 0 {
		r[0] = []rune(strings.ToUpper(string(r[0])))[0]
	}
	return string(r)
}

// bases cites the regulation, consent and what else is given.
func (w *caseWriter) bases(more ...string) {
	d := w.st.Edition.Document
	name, kind := strings.TrimSuffix(d.Title.VI, "."), ""
	for _, k := range []string{"Quy định", "Quy chế", "Chỉ thị", "Hướng dẫn", "Nghị định", "Luật"} {
		if rest, ok := strings.CutPrefix(name, k+" "); ok {
			kind, name = k, rest
			break
		}
	}
	if kind == "" {
		kind, name = "văn bản", "“"+name+"”"
	}
	w.Basis = append(w.Basis, fmt.Sprintf("Căn cứ %s số %s, ngày %s của %s %s", kind, d.Number, d.Date.Vietnamese(), d.Issuer.VI, name))
	if g := w.st.Consent.Given; g != nil {
		w.Basis = append(w.Basis, "Căn cứ chủ trương tại "+docWords(g.Body.Paper))
	}
	w.Basis = append(w.Basis, more...)
}

// docWords names a document in a sentence.
func docWords(p procedure.Paper) string {
	s := "văn bản"
	if p.Number != "" {
		s += " số " + typed(p.Number)
	}
	if !p.Date.IsZero() {
		s += ", ngày " + p.Date.Vietnamese()
	}
	if p.By != "" {
		s += " của " + typed(p.By)
	}
	return s
}

// said repeats words of an entry, where they are not erased.
func (w *caseWriter) said(e procedure.Event) {
	if e.Words != "" {
		w.Parts = append(w.Parts, Part{Said: e.Entry, Text: course.Said(e)})
	}
}

// ends is what the procedure may end with, as verb and noun.
func (w *caseWriter) ends(outcome string) (verb, noun string) {
	if outcome == "" && len(w.st.Def.Ends) > 0 {
		outcome = map[string]string{"appointment": procedure.OutcomeAppoint, "designation": procedure.OutcomeDesignate}[w.st.Def.Ends[0]]
	}
	switch outcome {
	case procedure.OutcomeAppoint:
		return "bổ nhiệm", "bổ nhiệm cán bộ"
	case procedure.OutcomeDesignate:
		return "chỉ định", "chỉ định cán bộ"
	}
	return "giới thiệu ứng cử", "giới thiệu cán bộ ứng cử"
}

// decides is who decides on the post by the office's table.
func (w *caseWriter) decides() string {
	if w.row.Decides != "" {
		return typed(w.row.Decides)
	}
	return "cấp có thẩm quyền"
}
