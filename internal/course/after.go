package course

import (
	"slices"

	"minhbach/internal/vn"
)

// How a decision may come out.
const (
	OutcomeAppoint    = "appointment"
	OutcomeDesignate  = "designation"
	OutcomePutForward = "put-forward" // to a congress or State body that elects
	OutcomeReturn     = "returned"
)

// endings are the ends of a definition that the outcomes stand for.
var endings = map[string]string{OutcomeAppoint: "appointment", OutcomeDesignate: "designation", OutcomePutForward: "candidacy"}

// MaySubmit says whether a person may be submitted on a day: all steps done,
// every difference explained, chosen by the last step, and still meeting the
// conditions.
func (v *View) MaySubmit(person string, on vn.Date) error {
	if v.Phase != Finished && !(v.Phase == Running && v.Next() == nil) {
		return refuse("Các bước chưa xong, hoặc đã trình.", "The steps are not done, or it was submitted.")
	}
	if err := v.unexplained(""); err != nil {
		return err
	}
	if !slices.Contains(v.Chosen(), person) {
		return wrong("person", "Người được trình phải là người bước cuối chọn.", "The person submitted is one the last step chose.")
	}
	if err := v.still(person); err != nil {
		return err
	}
	return v.lapsed(v.Person(person), on)
}

// still refuses a person who left the case, or whom the newest sheet no longer
// lets through: what was found after a step counts for what comes after it.
func (v *View) still(person string) error {
	p := v.Person(person)
	if p == nil {
		return refuse("Người này đã rút khỏi hồ sơ.", "This person left the case.")
	}
	if !p.Eligible() {
		return refuse("Người này không còn đủ điều kiện theo bảng điều kiện mới nhất.", "This person no longer meets the conditions by the newest sheet.", p.failing()...)
	}
	return nil
}

// MayAsk says whether other bodies may be asked: the case lies in appraisal.
func (v *View) MayAsk() error {
	if v.Phase != Submitted {
		return refuse("Hồ sơ chưa trình, hoặc đã thẩm định.", "The case was not submitted, or was appraised.")
	}
	return nil
}

// MayAppraise says whether the appraisal may be recorded: every opinion asked
// for answered, no letter left open.
func (v *View) MayAppraise() error {
	if err := v.MayAsk(); err != nil {
		return err
	}
	for _, q := range v.Asks {
		if q.Answered == nil {
			return refuse("Còn ý kiến của “"+q.Asked.Body.Paper.By+"” chưa trả lời.", "The opinion of “"+q.Asked.Body.Paper.By+"” is still awaited.")
		}
	}
	return v.lettersClosed()
}

func (v *View) lettersClosed() error {
	if len(v.OpenLetters()) > 0 {
		return refuse("Còn đơn thư về người trong hồ sơ chưa xử lý hoặc chưa báo cáo cấp có thẩm quyền.", "A letter about somebody of the case is neither handled nor reported.")
	}
	return nil
}

// MayDecide says whether the decision may come out so for a person.
func (v *View) MayDecide(outcome, person string) error {
	if v.Phase != Appraised {
		return refuse("Hồ sơ chưa thẩm định.", "The case was not appraised.")
	}
	if err := v.lettersClosed(); err != nil {
		return err
	}
	if outcome == OutcomeReturn {
		return nil
	}
	if person != v.SubmittedAt.Body.Person {
		return wrong("person", "Người được quyết định phải là người đã trình.", "The person decided on is the one submitted.")
	}
	if !slices.Contains(v.Def.Ends, endings[outcome]) {
		return wrong("outcome", "Quy trình này không kết thúc bằng cách ấy.", "This procedure does not end so.")
	}
	return v.still(person)
}

// MayElect says whether the case waits for an election.
func (v *View) MayElect() error {
	if v.Phase != Chosen || v.ElectedAt != nil {
		return refuse("Hồ sơ không chờ bầu cử.", "The case does not wait for an election.")
	}
	return nil
}

// MayRatify says whether there is an election to ratify.
func (v *View) MayRatify() error {
	if v.ElectedAt == nil {
		return refuse("Chưa có kết quả bầu.", "There is no result of an election.")
	}
	return nil
}
