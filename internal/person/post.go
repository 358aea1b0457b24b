package person

import (
	"context"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// Name is the act's name.
func (a TakePost) Name() string { return "person.take-post" }

// Subject is the person.
func (a TakePost) Subject() string { return a.Person }

// Need asks for the right over the organisation of the post.
func (a TakePost) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide refuses an unknown person or title, an organisation that does not
// exist on the first day, and the same post held twice by the same person.
func (a TakePost) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.ID, "post/") || !ValidID(a.ID) {
		return nil, desk.Wrong("id", "Mã chức vụ không hợp lệ.", "The id of the post is not valid.")
	}
	var used int
	if err := s.Tx.QueryRow(ctx, `SELECT COUNT(*) FROM person_statement WHERE post = $1 AND post <> ''`, a.ID).Scan(&used); err != nil {
		return nil, err
	}
	if used > 0 {
		return nil, desk.Wrong("id", "Mã này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again.")
	}
	if _, known, err := Home(ctx, s.Tx, a.Person); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Missing("Không có người này trong hồ sơ.", "There is no such person on record.")
	}
	said, err := standing(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	w := wording{content: -1, Statement: Statement{Fact: s.Head + 1, What: PostHeld, Person: a.Person, Post: a.ID, Org: a.Org, Title: a.Title, From: a.From, To: a.To}}
	if err := checkPost(ctx, s, w); err != nil {
		return nil, err
	}
	if err := checkPosts(append(said, w), a.ID); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindPostTaken, Subjects: []string{a.Person},
		Body: body{Person: a.Person, Post: a.ID, Org: a.Org, Title: a.Title, From: a.From, To: a.To, Decision: a.Decision}}}, nil
}

// Name is the act's name.
func (a EndPost) Name() string { return "person.end-post" }

// Subject is the person.
func (a EndPost) Subject() string { return a.Person }

// Need asks for the right over the organisation of the post.
func (a EndPost) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Org} }

// Decide refuses a post of another person or organisation, a second end, and
// an end that does not come after the beginning.
func (a EndPost) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	said, err := standing(ctx, s.Tx, a.Person)
	if err != nil {
		return nil, err
	}
	held := slices.IndexFunc(said, func(w wording) bool {
		return w.What == PostHeld && w.Post == a.Post && w.Org == a.Org && !w.Withdrawn
	})
	if held < 0 {
		return nil, desk.Missing("Không có chức vụ này trong hồ sơ.", "There is no such post on record.")
	}
	if slices.ContainsFunc(said, func(w wording) bool { return w.What == PostDone && w.Post == a.Post && !w.Withdrawn }) {
		return nil, desk.Refuse("Chức vụ này đã có ngày kết thúc; hãy đính chính ngày ấy.", "This post already has an end on record; correct that instead.")
	}
	if err := checkDay("on", a.On); err != nil {
		return nil, err
	}
	w := wording{content: -1, Statement: Statement{Fact: s.Head + 1, What: PostDone, Person: a.Person, Post: a.Post, Org: a.Org, To: a.On}}
	if err := checkPosts(append(said, w), a.Post); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindPostEnded, Subjects: []string{a.Person},
		Body: body{Person: a.Person, Post: a.Post, Org: a.Org, To: a.On, Decision: a.Decision}}}, nil
}

// Name is the act's name.
func (a CorrectPost) Name() string { return "person.correct-post" }

// Subject is the person.
func (a CorrectPost) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a CorrectPost) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide checks the corrected statements like new ones.
func (a CorrectPost) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	said, err := file(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(w wording) bool { return w.Fact == a.Fact && w.What != Recorded })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return nil, err
	}
	old := said[at]
	b := body{Person: a.Person, Post: old.Post, Fact: &old.Fact, Withdrawn: a.Withdraw, Decision: a.Decision}
	w := old
	w.Withdrawn = a.Withdraw
	switch {
	case a.Withdraw && old.What == PostHeld && slices.ContainsFunc(said, func(o wording) bool { return o.What == PostDone && o.Post == old.Post && !o.Withdrawn }):
		return nil, desk.Refuse("Chức vụ này có ngày kết thúc; hãy rút ngày kết thúc trước.", "The end of this post stands; withdraw it first.")
	case a.Withdraw:
	case old.What == PostDone:
		if err := checkDay("to", a.To); err != nil {
			return nil, err
		}
		w.To, b.To, b.Org = a.To, a.To, old.Org
	case a.Org != old.Org:
		return nil, desk.Wrong("org", "Đính chính không đổi được tổ chức; hãy rút chức vụ này rồi ghi lại ở tổ chức đúng.",
			"A correction cannot change the organisation; withdraw this post and record it in the right one.")
	default:
		w.Org, w.Title, w.From, w.To = a.Org, a.Title, a.From, a.To
		b.Org, b.Title, b.From, b.To = a.Org, a.Title, a.From, a.To
		if err := checkPost(ctx, s, w); err != nil {
			return nil, err
		}
	}
	after := slices.Clone(said)
	after[at] = w
	if err := checkPosts(after, old.Post); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindPostCorrected, Subjects: []string{a.Person}, Body: b, Blocks: []desk.DraftBlock{reason}}}, nil
}

// checkPost checks one post by itself.
func checkPost(ctx context.Context, s *desk.Scene, w wording) error {
	if _, ok := TitleOf(w.Title); !ok {
		return desk.Wrong("title", "Cần chọn chức danh trong danh mục.", "Choose the title from the list.")
	}
	if err := checkDay("from", w.From); err != nil {
		return err
	}
	_, exists, err := org.Get(ctx, s.Tx, w.Org, org.Now(w.From))
	if err != nil {
		return err
	}
	if !exists {
		return desk.Refuse("Tổ chức không có trong hồ sơ hoặc không tồn tại vào ngày "+w.From.Vietnamese()+".",
			"The organisation is not on record or does not exist on "+w.From.String()+".")
	}
	return nil
}

// checkPosts checks the posts of one person together, over every day that the
// post at hand covers: the same title in the same organisation is held once.
func checkPosts(said []wording, post string) error {
	for _, w := range said {
		if w.What != PostHeld || w.Post != post || w.Withdrawn {
			continue
		}
		end := w.To
		for _, e := range said {
			if e.What == PostDone && e.Post == post && !e.Withdrawn {
				end = e.To
			}
		}
		if !end.IsZero() && !w.From.Before(end) {
			return desk.Wrong("to", "Ngày thôi giữ chức phải sau ngày bắt đầu "+w.From.Vietnamese()+".", "The end must come after the beginning on "+w.From.String()+".")
		}
	}
	all := derivePosts(said)
	for _, p := range all {
		for _, q := range all {
			if p.post != post || q.post == post || p.org != q.org || p.title != q.title {
				continue
			}
			if from, _, ok := vn.Overlap(p.from, p.to, q.from, q.to); ok {
				return desk.Refuse("Người này đã giữ chức danh ấy tại tổ chức ấy trong thời gian có ngày "+from.Vietnamese()+".",
					"The person already holds that title in that organisation on "+from.String()+".")
			}
		}
	}
	return nil
}
