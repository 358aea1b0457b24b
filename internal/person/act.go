package person

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/vn"
)

// Record puts a person on record. ID is made with the form ("person/" +
// desk.NewID()) and must be new; Home is the organisation that keeps the file.
type Record struct {
	ID       string
	Home     string
	From     vn.Date // from when the identity is vouched for; zero: AllAlong
	Identity Identity
	Sample   bool
	Decision org.Decision
}

// Change records that a person's identity is another from a day on (a new
// name, another home town by decision). What was before stays as it was.
type Change struct {
	Person   string
	Home     string // as the page showed it; the right is asked over it
	From     vn.Date
	Identity Identity
	Decision org.Decision
}

// Correct says that an identity was recorded wrongly and how it really reads,
// in full; with Withdraw, that it should not stand at all.
type Correct struct {
	Person   string
	Home     string
	Fact     int64
	Withdraw bool
	From     vn.Date
	Identity Identity
	Reason   string // kept beside the tree, block "reason"
	Decision org.Decision
}

// TakePost records that a person holds a post from a day on, until a day if
// that is known. ID is made with the form ("post/" + desk.NewID()).
type TakePost struct {
	ID       string
	Person   string
	Org      string
	Title    string // code of the table of titles
	From, To vn.Date
	Decision org.Decision
}

// EndPost records the first day on which a post is no longer held.
type EndPost struct {
	Post     string
	Person   string
	Org      string
	On       vn.Date
	Decision org.Decision
}

// CorrectPost says that a statement about a post was recorded wrongly and how
// it really reads, in full; with Withdraw, that it should not stand at all.
// For the end of a post only To matters.
type CorrectPost struct {
	Person   string
	Home     string
	Fact     int64
	Withdraw bool
	Org      string
	Title    string
	From, To vn.Date
	Decision org.Decision
	Reason   string
}

// Name is the act's name.
func (a Record) Name() string { return "person.record" }

// Subject is the new person.
func (a Record) Subject() string { return a.ID }

// Need asks for the right over the organisation that keeps the file.
func (a Record) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide refuses a known id, an unknown organisation, a name without letters.
func (a Record) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	return a.decide(ctx, s, nil)
}

func (a Record) decide(ctx context.Context, s *desk.Scene, look *lookup) ([]desk.Draft, error) {
	if !strings.HasPrefix(a.ID, "person/") || !ValidID(a.ID) {
		return nil, desk.Wrong("id", "Mã người không hợp lệ.", "The id of the person is not valid.")
	}
	if _, known, err := look.home(ctx, s.Tx, a.ID); err != nil {
		return nil, err
	} else if known {
		return nil, desk.Wrong("id", "Mã này đã dùng; hãy mở lại biểu mẫu.", "This id is already in use; open the form again.")
	}
	if known, err := look.orgKnown(ctx, s.Tx, a.Home); err != nil {
		return nil, err
	} else if !known {
		return nil, desk.Wrong("home", "Tổ chức quản lý hồ sơ không có trong hồ sơ tổ chức.", "The organisation that keeps the file is not on record.")
	}
	id, err := checkIdentity(a.Identity, s.Today)
	if err != nil {
		return nil, err
	}
	if a.From.IsZero() {
		a.From = AllAlong
	}
	return []desk.Draft{{Kind: kindRecorded, Subjects: []string{a.ID},
		Body:   body{Person: a.ID, Home: a.Home, Sample: a.Sample, From: a.From, Decision: a.Decision},
		Blocks: []desk.DraftBlock{{Name: identityBlock, Content: id}}}}, nil
}

// Name is the act's name.
func (a Change) Name() string { return "person.change" }

// Subject is the person.
func (a Change) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a Change) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide refuses a day before the first identity and a second one for a day.
func (a Change) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	said, err := file(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if err := unlocked(ctx, s, a.Person); err != nil {
		return nil, err
	}
	id, err := checkIdentity(a.Identity, s.Today)
	if err != nil {
		return nil, err
	}
	w := wording{Statement: Statement{What: Recorded, Person: a.Person, From: a.From, Fact: s.Head + 1}}
	if err := checkIdentities(append(said, w)); err != nil {
		return nil, err
	}
	if a.From.Before(deriveIdentity(said)[0].from) {
		return nil, desk.Wrong("from", "Ngày thay đổi phải sau ngày ghi nhận đầu tiên.", "A change must come after the first identity on record.")
	}
	return []desk.Draft{{Kind: kindChanged, Subjects: []string{a.Person}, Body: body{Person: a.Person, From: a.From, Decision: a.Decision},
		Blocks: []desk.DraftBlock{{Name: identityBlock, Content: id}}}}, nil
}

// Name is the act's name.
func (a Correct) Name() string { return "person.correct" }

// Subject is the person.
func (a Correct) Subject() string { return a.Person }

// Need asks for the right over the organisation that keeps the file.
func (a Correct) Need() desk.Need { return desk.Need{Right: desk.EditPerson, Org: a.Home} }

// Decide refuses to leave a person without any identity.
func (a Correct) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	said, err := file(ctx, s, a.Person, a.Home)
	if err != nil {
		return nil, err
	}
	if err := unlocked(ctx, s, a.Person); err != nil {
		return nil, err
	}
	at := slices.IndexFunc(said, func(w wording) bool { return w.Fact == a.Fact && w.What == Recorded })
	if at < 0 {
		return nil, desk.Missing("Không có nội dung cần đính chính.", "There is no such statement to correct.")
	}
	reason, err := checkReason(a.Reason)
	if err != nil {
		return nil, err
	}
	b := body{Person: a.Person, Fact: &said[at].Fact, Withdrawn: a.Withdraw, Decision: a.Decision}
	blocks := []desk.DraftBlock{reason}
	after := slices.Clone(said)
	after[at].Withdrawn = a.Withdraw
	if !a.Withdraw {
		id, err := checkIdentity(a.Identity, s.Today)
		if err != nil {
			return nil, err
		}
		b.From, after[at].From = a.From, a.From
		blocks = []desk.DraftBlock{{Name: identityBlock, Content: id}, reason}
	}
	if err := checkIdentities(after); err != nil {
		return nil, err
	}
	return []desk.Draft{{Kind: kindCorrected, Subjects: []string{a.Person}, Body: b, Blocks: blocks}}, nil
}

// file gives what stands about a person, if the home named is the real one:
// the right was asked over it.
func file(ctx context.Context, s *desk.Scene, person, home string) ([]wording, error) {
	real, known, err := Home(ctx, s.Tx, person)
	if err != nil {
		return nil, err
	}
	if !known || real != home {
		return nil, desk.Missing("Không có người này trong hồ sơ của tổ chức.", "There is no such person in the files of that organisation.")
	}
	return standing(ctx, s.Tx, person)
}

func checkIdentity(id Identity, today vn.Date) (Identity, error) {
	id.Name = vn.NormalizeName(id.Name)
	id.OtherNames = vn.NormalizeName(id.OtherNames)
	id.Ethnicity = vn.NormalizeName(id.Ethnicity)
	id.Hometown = vn.NormalizeName(id.Hometown)
	if vn.Fold(id.Name) == "" || utf8.RuneCountInString(id.Name) > 120 {
		return id, desk.Wrong("name", "Cần họ và tên, không quá 120 chữ.", "A name of at most 120 letters is needed.")
	}
	for field, v := range map[string]string{"other_names": id.OtherNames, "ethnicity": id.Ethnicity, "hometown": id.Hometown} {
		if utf8.RuneCountInString(v) > 300 {
			return id, desk.Wrong(field, "Nội dung quá 300 chữ.", "This is longer than 300 letters.")
		}
	}
	if id.Gender != "" && id.Gender != "female" && id.Gender != "male" {
		return id, desk.Wrong("gender", "Giới tính ghi nam, nữ hoặc để trống.", "Gender is female, male or left empty.")
	}
	if first := id.Born.First(); !first.IsZero() && (first.Year < 1850 || today.Before(first)) {
		return id, desk.Wrong("born", "Ngày sinh không thể trước năm 1850 hoặc sau hôm nay.", "A birth cannot be before 1850 or after today.")
	}
	return id, nil
}

func checkIdentities(said []wording) error {
	seen := make(map[vn.Date]bool)
	for _, w := range said {
		if w.What != Recorded || w.Withdrawn {
			continue
		}
		if err := checkDay("from", w.From); err != nil {
			return err
		}
		if seen[w.From] {
			return desk.Refuse("Ngày "+w.From.Vietnamese()+" đã có một nội dung được ghi; hãy đính chính nội dung ấy.",
				"Something is already recorded from "+w.From.String()+"; correct that statement instead.")
		}
		seen[w.From] = true
	}
	if len(seen) == 0 {
		return desk.Refuse("Không thể rút nội dung duy nhất về một người; hãy đính chính.", "The only statement about a person cannot be withdrawn; correct it.")
	}
	return nil
}

func checkDay(field string, d vn.Date) error {
	if d.IsZero() || d.Year < 1850 || d.Year > 2200 {
		return desk.Wrong(field, "Cần ngày, từ năm 1850 đến năm 2200.", "A day between 1850 and 2200 is needed.")
	}
	return nil
}

func checkReason(reason string) (desk.DraftBlock, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > 2000 {
		return desk.DraftBlock{}, desk.Wrong("reason", "Cần ghi lý do đính chính, không quá 2000 chữ.", "A reason of at most 2000 letters is needed.")
	}
	return desk.DraftBlock{Name: "reason", Content: map[string]string{"reason": reason}}, nil
}
