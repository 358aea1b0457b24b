package web

import (
	"strings"
	"testing"
)

// TestEntrySentences: above the raw body of every entry stands what it tells,
// in one whole sentence, in both languages.
func TestEntrySentences(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	for _, lang := range languages {
		v.lang = lang
		for i := range h.desk.Head() + 1 {
			p := v.get("/nhat-ky/" + number("", i)).is(200)
			var says []string
			for _, n := range p.all("p") {
				for _, a := range n.Attr {
					if a.Key == "class" && a.Val == "says" {
						says = append(says, (&answer{t: t, doc: n}).text())
					}
				}
			}
			if len(says) != 1 || len(says[0]) < 15 || strings.ContainsAny(says[0], "{}[]") {
				t.Errorf("%s, entry %d says %q", lang, i, says)
			}
		}
	}
	v.lang = "vi"
	founded := h.do("canbo", recordPerson("person/cau-van", "Phạm Văn Câu")).Entries[0].Index
	v.get("/nhat-ky/"+number("", founded)).is(200).says("ghi nhận nhân sự person/cau-van", "hồ sơ do Tỉnh ủy Mẫu quản lý")
}

// TestSentencesAreWellMade: brackets stand in pairs and are not nested, and
// what is in braces is a place.
func TestSentencesAreWellMade(t *testing.T) {
	m, err := loadMessages()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range languages {
		for key, text := range m.by[lang] {
			if !strings.HasPrefix(key, "say.") {
				continue
			}
			left := sayPlace.ReplaceAllString(sayPart.ReplaceAllString(text, "$1"), "")
			if strings.ContainsAny(left, "{}[]") {
				t.Errorf("%s %s: %q", lang, key, text)
			}
			if !strings.HasPrefix(key, "say.move.") && !strings.HasPrefix(key, "say.choice.") && !strings.HasSuffix(text, ".") {
				t.Errorf("%s %s does not end as a sentence: %q", lang, key, text)
			}
		}
	}
}
