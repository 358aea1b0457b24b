package paper

import (
	"errors"
	"image"
	"strings"
	"testing"

	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// plainReader is the simplest reader of clean pictures: a box holds a mark when
// ink stands in it that the print does not have.
func plainReader(book *rule.Book) SheetReader {
	return func(l *Layout, sides []*image.Gray) (map[string]string, string, error) {
		marks := map[string]string{}
		b := vote.Ballot{Form: l.Form, Issued: true, Sealed: true, Listed: int64(len(l.Candidates))}
		print := map[int]*image.Gray{}
		inked := func(page int, box Box) bool {
			if print[page] == nil {
				print[page] = Render(l, page, ReadBackDPI)
			}
			const k = ReadBackDPI / 25.4
			n := 0
			for y := int(box.Y() * k); y < int(box.Bottom()*k); y++ {
				for x := int(box.X() * k); x < int(box.Right()*k); x++ {
					if o := y*sides[page-1].Stride + x; int(print[page].Pix[o])-int(sides[page-1].Pix[o]) > 80 {
						n++
					}
				}
			}
			return n > 20
		}
		for i := range l.Candidates {
			c := &l.Candidates[i]
			if l.Form == FormStrike {
				marks[c.ID] = MarkClear
				if inked(c.Page, c.NameBox) {
					marks[c.ID] = MarkStruck
				} else {
					b.Chosen++
				}
				continue
			}
			switch yes, no := inked(c.Page, *c.AgreeBox), inked(c.Page, *c.DisagreeBox); {
			case yes && no:
				marks[c.ID] = MarkBoth
				b.Both++
			case yes:
				marks[c.ID] = MarkAgree
				b.Chosen++
			case no:
				marks[c.ID] = MarkDisagree
			default:
				marks[c.ID] = MarkNone
				b.None++
			}
		}
		j, err := vote.Judge(book, l.Seats, b)
		return marks, j.Proposal, err
	}
}

// TestReadBack: a reader that reads right releases the ballot; one that is
// blind to a name, mixes up boxes, or proposes against the rules does not.
func TestReadBack(t *testing.T) {
	lib, err := rule.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		n     int
		seats int64
		form  string
	}{{6, 4, FormStrike}, {5, 5, FormAgree}, {1, 1, FormAgree}, {20, 17, FormStrike}} {
		rec := contest(c.n, c.seats, "party-election/committee")
		book, err := lib.For(rec.Rules, rec.Date)
		if err != nil {
			t.Fatal(err)
		}
		l, err := Design(rec, options(c.form, "A5", false))
		if err != nil {
			t.Fatal(err)
		}
		read := plainReader(book)
		got, err := CheckReadBack(l, book, read)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Released() || got.Digest != l.Digest || got.Tried < c.n+2 {
			t.Errorf("%d names, %s: %d tried, %v", c.n, c.form, got.Tried, got.Failures)
		}
		last := l.Candidates[c.n-1].ID
		for name, bad := range map[string]SheetReader{
			"blind to one name": func(l *Layout, s []*image.Gray) (map[string]string, string, error) {
				m, p, err := read(l, s)
				m[last] = map[string]string{FormStrike: MarkClear, FormAgree: MarkNone}[l.Form]
				return m, p, err
			},
			"all valid": func(l *Layout, s []*image.Gray) (map[string]string, string, error) {
				m, _, err := read(l, s)
				return m, "valid", err
			},
			"refuses": func(*Layout, []*image.Gray) (map[string]string, string, error) {
				return nil, "", errors.New("không phải phiếu")
			},
			"sends everything to people": func(l *Layout, _ []*image.Gray) (map[string]string, string, error) {
				m := map[string]string{}
				for _, c := range l.Candidates {
					m[c.ID] = MarkDoubtful
				}
				return m, "look", nil
			},
		} {
			got, err := CheckReadBack(l, book, bad)
			if err != nil {
				t.Fatal(err)
			}
			if got.Released() {
				t.Errorf("%d names, %s: a reader that %s released the ballot", c.n, c.form, name)
			}
		}
	}
}

// TestTrialsCover: every way that the work names is among the trials.
func TestTrialsCover(t *testing.T) {
	for form, want := range map[string][]string{
		FormStrike: {"không đánh dấu gì", "đánh dấu tất cả", "chỉ gạch số 1", "chỉ gạch số 7", "chọn đúng số được bầu (5)", "chọn quá một người (6)"},
		FormAgree:  {"không đánh dấu gì", "đánh dấu tất cả", "chỉ đồng ý số 3", "chỉ không đồng ý số 3", "đánh cả hai ô của mọi người", "chọn quá một người (6)"},
	} {
		l, err := Design(contest(7, 5, "party-election/committee"), options(form, "A4", false))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, x := range trialsOf(l) {
			all = append(all, x.vi)
		}
		for _, w := range want {
			if !strings.Contains("\n"+strings.Join(all, "\n")+"\n", "\n"+w+"\n") {
				t.Errorf("%s: no trial %q in %v", form, w, all)
			}
		}
	}
}
