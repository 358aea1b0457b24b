package procedure

import (
	"context"
	"errors"
	"slices"

	"minhbach/internal/account"
	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

// How a decision may come out.
const (
	OutcomeAppoint    = "appointment"
	OutcomeDesignate  = "designation"
	OutcomePutForward = "put-forward" // to a congress or State body that elects
	OutcomeReturn     = "returned"
)

func asInput(err error, bad **vote.InputError) bool { return errors.As(err, bad) }

// GiveOpinion records the written opinion of the Party committee, or a
// differing opinion that goes up with the case.
type GiveOpinion struct {
	Ref
	Differs bool
	Body    string // whose opinion, in words
	Paper   Paper
	Words   string
}

// Name is the act's name.
func (a GiveOpinion) Name() string { return "procedure.give-opinion" }

// Decide wants the document of a written opinion, and words of a differing one.
func (a GiveOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Running && v.Phase != Finished && v.Phase != Submitted {
		return nil, desk.Refuse("Chưa đến lúc ghi ý kiến.", "It is too early for opinions.")
	}
	if err := checkPaper(a.Paper, !a.Differs); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, a.Differs)
	if err != nil {
		return nil, err
	}
	a.Paper.By = a.Body
	w := "opinion-recorded"
	if a.Differs {
		w = "differing-opinion"
	}
	return []desk.Draft{a.event(w, Body{On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// Submit records the submission (tờ trình).
type Submit struct {
	Ref
	Paper  Paper
	Person string // who is proposed
	Late   string
}

// Name is the act's name.
func (a Submit) Name() string { return "procedure.submit" }

// Decide wants all steps done, every difference explained, and a person whom
// the last step chose.
func (a Submit) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Finished {
		return nil, desk.Refuse("Các bước chưa xong, hoặc đã trình.", "The steps are not done, or it was submitted.")
	}
	for _, st := range v.def.Steps {
		if v.differs(st) && v.Explain[st.ID].Entry == 0 {
			return nil, desk.Refuse("Kết quả bước "+st.ID+" khác bước "+st.Compare+", chưa làm rõ.", "The result of step "+st.ID+" differs from step "+st.Compare+" and was not explained.")
		}
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	late, err := v.day("date", a.Paper.Date, v.lastStepDay(), a.Late)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(v.chosen(), a.Person) {
		return nil, desk.Wrong("person", "Người được trình phải là người bước cuối chọn.", "The person submitted is one the last step chose.")
	}
	return []desk.Draft{a.event("submitted", Body{On: a.Paper.Date, Paper: a.Paper, Person: a.Person, Late: late}, trimmed(a.Late))}, nil
}

// chosen are the persons the last step with a result chose.
func (s *State) chosen() []string {
	for i := len(s.Steps) - 1; i >= 0; i-- {
		if !s.Steps[i].Skipped && s.Steps[i].Counted != nil {
			return s.Steps[i].Passed
		}
	}
	return nil
}

// Chosen is chosen for pages.
func (s *State) Chosen() []string { return s.chosen() }

// AskOpinion records that another body was asked in appraisal.
type AskOpinion struct {
	Ref
	Body  string // who is asked, in words
	Paper Paper
}

// Name is the act's name.
func (a AskOpinion) Name() string { return "procedure.ask-opinion" }

// Decide wants a case that was submitted.
func (a AskOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Submitted {
		return nil, desk.Refuse("Hồ sơ chưa trình, hoặc đã thẩm định.", "The case was not submitted, or was appraised.")
	}
	if trimmed(a.Body) == "" {
		return nil, desk.Wrong("body", "Cần ghi cơ quan được hỏi.", "Say which body is asked.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	a.Paper.By = trimmed(a.Body)
	return []desk.Draft{a.event("opinion-asked", Body{On: a.Paper.Date, Paper: a.Paper}, nil)}, nil
}

// AnswerOpinion records what the body answered.
type AnswerOpinion struct {
	Ref
	Asked int64 // entry of the asking
	Paper Paper
	Agree bool
	Words string
}

// Name is the act's name.
func (a AnswerOpinion) Name() string { return "procedure.answer-opinion" }

// Decide wants an asking without an answer.
func (a AnswerOpinion) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(v.Asks, func(q Inquiry) bool { return q.Asked.Entry == a.Asked && q.Answered == nil })
	if i < 0 {
		return nil, desk.Missing("Không có ý kiến đang chờ này.", "There is no such opinion awaited.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if a.Paper.Date.Before(v.Asks[i].Asked.Body.On) {
		return nil, desk.Wrong("date", "Ngày trả lời phải sau ngày hỏi.", "The answer comes after the question.")
	}
	words, err := checkWords("words", a.Words, !a.Agree)
	if err != nil {
		return nil, err
	}
	a.Paper.By = v.Asks[i].Asked.Body.Paper.By
	return []desk.Draft{a.event("opinion-answered", Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Agree, Ref: &a.Asked}, words)}, nil
}

// Appraise records the appraisal sheet (phiếu thẩm định).
type Appraise struct {
	Ref
	Paper Paper
	Yes   bool // in favour
	Words string
}

// Name is the act's name.
func (a Appraise) Name() string { return "procedure.appraise" }

// Decide wants every opinion asked for answered, and no letter left open.
func (a Appraise) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Submitted {
		return nil, desk.Refuse("Hồ sơ chưa trình, hoặc đã thẩm định.", "The case was not submitted, or was appraised.")
	}
	for _, q := range v.Asks {
		if q.Answered == nil {
			return nil, desk.Refuse("Còn ý kiến của “"+q.Asked.Body.Paper.By+"” chưa trả lời.", "The opinion of “"+q.Asked.Body.Paper.By+"” is still awaited.")
		}
	}
	if err := v.lettersClosed(); err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.SubmittedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, !a.Yes)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("appraised", Body{On: a.Paper.Date, Paper: a.Paper, Yes: &a.Yes}, words)}, nil
}

func (v *view) lettersClosed() error {
	if open := v.OpenLetters(); len(open) > 0 {
		return desk.Refuse("Còn đơn thư về người trong hồ sơ chưa xử lý hoặc chưa báo cáo cấp có thẩm quyền.", "A letter about somebody of the case is neither handled nor reported.")
	}
	return nil
}

// Decision records the decision of the competent level: appointment or
// designation from a day, put forward to be elected, or returned with reasons.
type Decision struct {
	Ref
	Paper   Paper
	Outcome string
	Person  string
	From    vn.Date // from when the post is held
	To      vn.Date // end of the term, when one is set
	Post    string  // id made with the form ("post/" + desk.NewID())
	// Exception is the decision that lifts a pair of relatives or a full quota.
	Exception Paper
	Words     string
}

// Name is the act's name.
func (a Decision) Name() string { return "procedure.decide" }

// Decide refuses relatives who may not hold posts together and a full quota
// without a recorded exception, and a body that does not exist on the day. The
// post enters the registry in the same act.
func (a Decision) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Appraised {
		return nil, desk.Refuse("Hồ sơ chưa thẩm định.", "The case was not appraised.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.AppraisedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	if err := v.lettersClosed(); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, a.Outcome == OutcomeReturn)
	if err != nil {
		return nil, err
	}
	b := Body{On: a.Paper.Date, Paper: a.Paper, Outcome: a.Outcome, Person: a.Person}
	if a.Outcome == OutcomeReturn {
		return append([]desk.Draft{a.event("decided", b, words)}, v.unlockAll(true)...), nil
	}
	if a.Person != v.SubmittedAt.Body.Person {
		return nil, desk.Wrong("person", "Người được quyết định phải là người đã trình.", "The person decided on is the one submitted.")
	}
	ends := map[string]string{OutcomeAppoint: "appointment", OutcomeDesignate: "designation", OutcomePutForward: "candidacy"}
	if !slices.Contains(v.def.Ends, ends[a.Outcome]) {
		return nil, desk.Wrong("outcome", "Quy trình này không kết thúc bằng cách ấy.", "This procedure does not end so.")
	}
	if a.Outcome == OutcomePutForward {
		return []desk.Draft{a.event("decided", b, words)}, nil
	}
	more, err := v.take(ctx, s, a.Post, a.Person, a.From, a.To, a.Paper, a.Exception)
	if err != nil {
		return nil, err
	}
	b.Post, b.Until, b.Other = a.Post, a.To, a.Exception.Number
	out := append([]desk.Draft{a.event("decided", b, words)}, more...)
	return append(out, v.unlockAll(true)...), nil
}

// take drafts the post of the case entering the registry, after the checks of
// relatives and quota.
func (v *view) take(ctx context.Context, s *desk.Scene, post, who string, from, to vn.Date, paper, exception Paper) ([]desk.Draft, error) {
	if from.IsZero() {
		return nil, desk.Wrong("from", "Cần ngày quyết định có hiệu lực.", "The day from which the post is held is needed.")
	}
	excepted := trimmed(exception.Number) != "" && !exception.Date.IsZero()
	found, err := Relatives(ctx, s.Tx, s.Rules, v.State, who, from)
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if excepted && c.Pair.Exception {
			continue
		}
		vi, en := c.Pair.Says.VI, c.Pair.Says.EN
		if c.Pair.Exception {
			vi, en = vi+" Nếu cấp có thẩm quyền đã quyết định, hãy ghi số và ngày quyết định.", en+" If the competent level decided, give number and date."
		}
		return nil, desk.Refuse("Vướng quan hệ gia đình: "+vi, "Relatives: "+en, clashVerdict(c))
	}
	if v.Quota != nil && !excepted {
		n, err := holders(ctx, s, v.Org, v.Title, from)
		if err != nil {
			return nil, err
		}
		if n >= *v.Quota {
			return nil, desk.Refuse("Số lượng chức danh được giao đã đủ vào ngày này; cần ghi thôi giữ chức trước, hoặc quyết định giao thêm.",
				"The quota of the post is full on that day; record the end of a post first, or the decision that allots more.")
		}
	}
	return person.TakePost{ID: post, Person: who, Org: v.Org, Title: v.Title, From: from, To: to,
		Decision: org.Decision{Number: paper.Number, Date: paper.Date, By: paper.By}}.Decide(ctx, s)
}

// clashVerdict shows a pair of relatives as every other no of a rule.
func clashVerdict(c Clash) rule.Verdict {
	e := c.Edition.Document
	return rule.Verdict{Rule: c.Pair.ID, Document: e.Number, Date: e.Date, Article: c.Pair.Article, Evidence: c.Pair.Evidence,
		Inputs: map[string]int64{}, Holds: false, Says: c.Pair.Says}
}

// Elected records how the election came out to which the person was put
// forward; Contest names the recorded contest.
type Elected struct {
	Ref
	On        vn.Date
	Contest   string
	Yes       bool
	Post      string
	To        vn.Date
	Paper     Paper // resolution or minutes
	Exception Paper
}

// Name is the act's name.
func (a Elected) Name() string { return "procedure.elected" }

// Decide enters the post from the day of the election: powers begin then,
// before ratification arrives (Charter Art. 13.1).
func (a Elected) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Phase != Chosen || v.ElectedAt != nil {
		return nil, desk.Refuse("Hồ sơ không chờ bầu cử.", "The case does not wait for an election.")
	}
	if _, err := v.day("on", a.On, v.DecidedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	b := Body{On: a.On, Contest: a.Contest, Yes: &a.Yes, Person: v.SubmittedAt.Body.Person, Paper: a.Paper}
	if !a.Yes {
		return append([]desk.Draft{a.event("elected", b, nil)}, v.unlockAll(true)...), nil
	}
	more, err := v.take(ctx, s, a.Post, b.Person, a.On, a.To, a.Paper, a.Exception)
	if err != nil {
		return nil, err
	}
	b.Post = a.Post
	return append([]desk.Draft{a.event("elected", b, nil)}, more...), nil
}

// Ratify records the ratification (chuẩn y, phê chuẩn) of an election.
type Ratify struct {
	Ref
	Paper Paper
}

// Name is the act's name.
func (a Ratify) Name() string { return "procedure.ratify" }

// Decide wants an election that chose the person.
func (a Ratify) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.ElectedAt == nil {
		return nil, desk.Refuse("Chưa có kết quả bầu.", "There is no result of an election.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if _, err := v.day("date", a.Paper.Date, v.ElectedAt.Body.On, "x"); err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("ratified", Body{On: a.Paper.Date, Paper: a.Paper}, nil)}, v.unlockAll(true)...), nil
}

// Stop ends a case before its end, with the reason.
type Stop struct {
	Ref
	Reason string
}

// Name is the act's name.
func (a Stop) Name() string { return "procedure.stop" }

// Decide demands a reason.
func (a Stop) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	words, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("case-stopped", Body{}, words)}, v.unlockAll(true)...), nil
}

// ReceiveLetter records a denunciation or complaint about a person of the case.
type ReceiveLetter struct {
	Ref
	Letter string // id made with the form ("letter/" + desk.NewID())
	Person string
	Paper  Paper
	Words  string // what it says, in short
}

// Name is the act's name.
func (a ReceiveLetter) Name() string { return "procedure.receive-letter" }

// Decide wants a person of the case.
func (a ReceiveLetter) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Person(a.Person) == nil {
		return nil, desk.Wrong("person", "Người này không có trong hồ sơ.", "This person is not in the case.")
	}
	if len(a.Letter) < 8 || slices.ContainsFunc(v.Letters, func(l Letter) bool { return l.ID == a.Letter }) {
		return nil, desk.Wrong("letter", "Mã không hợp lệ; hãy mở lại biểu mẫu.", "The id is not valid; open the form again.")
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, true)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("letter-received", Body{Letter: a.Letter, Person: a.Person, On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// CloseLetter records that a letter was handled, or reported to the competent
// level.
type CloseLetter struct {
	Ref
	Letter  string
	Outcome string // "handled", "reported"
	Paper   Paper
	Words   string
}

// Name is the act's name.
func (a CloseLetter) Name() string { return "procedure.close-letter" }

// Decide wants the conclusion or report by number and date.
func (a CloseLetter) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(v.OpenLetters(), func(l Letter) bool { return l.ID == a.Letter }) {
		return nil, desk.Missing("Không có đơn thư đang mở này.", "There is no such open letter.")
	}
	if a.Outcome != "handled" && a.Outcome != "reported" {
		return nil, desk.Wrong("outcome", "Đơn thư được xử lý xong hoặc báo cáo cấp có thẩm quyền.", "A letter is handled, or reported to the competent level.")
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	words, err := checkWords("words", a.Words, true)
	if err != nil {
		return nil, err
	}
	return []desk.Draft{a.event("letter-closed", Body{Letter: a.Letter, Outcome: a.Outcome, On: a.Paper.Date, Paper: a.Paper}, words)}, nil
}

// Declare records that somebody who works on the case is tied to a person of
// it (205, 114): from then on that person takes no part.
type Declare struct {
	Ref
	Person string // who declares
	With   string // person of the case
	Tie    string
}

// Name is the act's name.
func (a Declare) Name() string { return "procedure.declare" }

// Decide wants a known tie to a person of the case.
func (a Declare) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	v, err := a.open(ctx, s)
	if err != nil {
		return nil, err
	}
	if v.Person(a.With) == nil {
		return nil, desk.Wrong("with", "Người này không có trong hồ sơ.", "This person is not in the case.")
	}
	if !slices.Contains(rule.KinTies, a.Tie) {
		return nil, desk.Wrong("tie", "Cần chọn quan hệ.", "Choose the tie.")
	}
	if _, known, err := person.Home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known || a.Person == a.With {
		return nil, desk.Wrong("person", "Cần chọn người khai trong hồ sơ cán bộ.", "Choose who declares, from the record.")
	}
	return []desk.Draft{a.event("recused", Body{Person: a.Person, Other: a.With, Tie: a.Tie}, nil)}, nil
}

// OpenAccess lets an inspector read the case until a day, by a decision.
type OpenAccess struct {
	Ref
	Account string
	Until   vn.Date // first day it no longer holds
	Paper   Paper
}

// Name is the act's name.
func (a OpenAccess) Name() string { return "procedure.open-access" }

// Decide grants the bound role of inspector; it ends by itself. A case that is
// over can be inspected too.
func (a OpenAccess) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	st, err := Get(ctx, s.Tx, a.ID, -1)
	if err != nil {
		return nil, err
	}
	if st == nil || st.Org != a.Org {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	if err := notConcerned(ctx, s, st); err != nil {
		return nil, err
	}
	if err := checkPaper(a.Paper, true); err != nil {
		return nil, err
	}
	if !s.Today.Before(a.Until) {
		return nil, desk.Wrong("until", "Ngày hết hạn phải sau hôm nay.", "The last day must come after today.")
	}
	acc, ok, err := account.Get(ctx, s.Tx, a.Account)
	if err != nil {
		return nil, err
	}
	if !ok || acc.Closed {
		return nil, desk.Wrong("account", "Không có tài khoản này.", "There is no such account.")
	}
	if acc.Person != "" {
		if err := concerned(ctx, s, st, acc.Person); err != nil {
			return nil, err
		}
	}
	grant, err := account.GrantRole{Account: a.Account, Role: "inspector", Case: a.Subject(), From: s.Today, To: a.Until}.Decide(ctx, s)
	if err != nil {
		return nil, err
	}
	return append([]desk.Draft{a.event("access-opened", Body{Account: a.Account, Until: a.Until, Paper: a.Paper}, nil)}, grant...), nil
}

// SignPaper records that a signed paper of the case exists: which, who signed,
// where it lies, its scan.
type SignPaper struct {
	Ref
	Step    string // the step it belongs to, "" for the case
	Paper   Paper
	Signers []string
}

// Name is the act's name.
func (a SignPaper) Name() string { return "procedure.sign-paper" }

// Decide refuses signers who are concerned. Papers are recorded after the end
// too.
func (a SignPaper) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	st, err := Get(ctx, s.Tx, a.ID, -1)
	if err != nil {
		return nil, err
	}
	if st == nil || st.Org != a.Org {
		return nil, desk.Missing("Không có hồ sơ quy trình này.", "There is no such case.")
	}
	if trimmed(a.Paper.Kind) == "" || a.Paper.Date.IsZero() {
		return nil, desk.Wrong("kind", "Cần loại và ngày của văn bản.", "Kind and date of the paper are needed.")
	}
	if err := checkPaper(a.Paper, false); err != nil {
		return nil, err
	}
	if a.Step != "" && st.Step(a.Step) == nil {
		return nil, desk.Wrong("step", "Bước này chưa làm.", "This step was not held.")
	}
	if len(a.Signers) == 0 {
		return nil, desk.Wrong("signers", "Cần ghi người ký.", "Say who signed.")
	}
	for _, p := range a.Signers {
		if err := concerned(ctx, s, st, p); err != nil {
			return nil, err
		}
	}
	return []desk.Draft{a.event("paper-signed", Body{Step: a.Step, On: a.Paper.Date, Paper: a.Paper, Signers: a.Signers}, nil)}, nil
}
