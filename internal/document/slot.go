package document

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/document/docx"
	"minhbach/internal/document/wordpdf"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Slot is a kind of paper that is made from a Word template: the one the house
// ships, or one that an organisation edited in Word and made its own. A room
// that makes papers declares a slot for each; versions, preview, refusals and
// the two files come from here.
//
//	t, entry, err := slot.Template(ctx, tx, org, day) // own or shipped; entry of the own one
//	files, err := Print(t, data, stamp, "Tờ trình …", day) // Word and PDF, the same paper
type Slot struct {
	ID    string     // lower case and hyphens; "" are the papers of an event
	Words rule.Words // name of the paper
	// Shipped is the house's template for papers of a day, as a clerk downloads
	// it to edit.
	Shipped func(day vn.Date) ([]byte, error)
	// Sample is invented content that uses every mark, and the texts of it that
	// no template may leave out.
	// The stamp of a sample is "MẪU" in the foot.
	Sample func(day vn.Date) (d docx.Data, must []string, err error)
	// Bare are papers that bear no checkpoint mark of their own: what their foot
	// says stands in their data.
	Bare bool
}

// Printed is a filled paper in its two files. Odd says what the PDF has
// otherwise than Word; it never has less text.
type Printed struct {
	Word, PDF []byte
	Odd       []docx.Note
}

// Print fills a template and draws what Word would show as PDF. A template
// that names what the paper does not have is refused as a *desk.Problem on
// "file". The stamp adds the checkpoint; Stamp{Seal: SealNone} adds none. The
// bytes depend on what is given alone.
func Print(t *docx.Template, d docx.Data, stamp Stamp, title string, day vn.Date) (Printed, error) {
	if err := stamp.mark(&d); err != nil {
		return Printed{}, err
	}
	t, err := withSlip(t)
	if err != nil {
		return Printed{}, asWrong(err)
	}
	word, err := t.Fill(d)
	if err != nil {
		return Printed{}, asWrong(err)
	}
	pdf, odd, err := wordpdf.PDF(word, wordpdf.Options{Title: title, Day: day})
	if err != nil {
		return Printed{}, asWrong(err)
	}
	return Printed{word, pdf, odd}, nil
}

// Template is the template that an organisation uses for the slot on a day: its
// own with the entry that set it, else the shipped one and nil.
func (s Slot) Template(ctx context.Context, tx *store.Tx, org string, day vn.Date) (*docx.Template, *int64, error) {
	t, entry, err := ownTemplate(ctx, tx, s.subject(org))
	if t != nil || err != nil {
		return t, entry, err
	}
	t, err = s.shipped(day)
	return t, nil, err
}

func (s Slot) shipped(day vn.Date) (*docx.Template, error) {
	raw, err := s.Shipped(day)
	if err != nil {
		return nil, err
	}
	return docx.Open(raw)
}

// Take checks an uploaded template by Try, keeps it and records it as the
// organisation's own.
func (s Slot) Take(ctx context.Context, d *desk.Desk, db *store.DB, f Form, org string, raw []byte, reason string) (desk.Receipt, error) {
	if _, err := s.Try(raw, vn.DateOf(f.Now.In(zone))); err != nil {
		return desk.Receipt{}, err
	}
	if err := db.Write(ctx, func(tx *store.Tx) error { _, err := store.PutBlob(ctx, tx, raw); return err }); err != nil {
		return desk.Receipt{}, fmt.Errorf("document: keep the template: %w", err)
	}
	return d.Do(ctx, desk.Form{ID: f.ID, Seen: f.Seen, Actor: f.Actor, Act: SetTemplate{Org: org, Slot: s.ID, File: hash(raw), Reason: reason}})
}

// Lacks says, in the words of a refusal, what an organisation's own template in
// use leaves out that papers hold today: it was taken when papers held less. Both
// empty where the shipped one is used, or nothing is left out.
func (s Slot) Lacks(ctx context.Context, tx *store.Tx, org string, day vn.Date) (rule.Words, error) {
	vs, err := s.Versions(ctx, tx, org)
	if err != nil || len(vs) == 0 || vs[len(vs)-1].File == "" {
		return rule.Words{}, err
	}
	raw, err := store.GetBlob(ctx, tx, vs[len(vs)-1].File)
	if err != nil {
		return rule.Words{}, nil // told where the paper is made
	}
	t, err := docx.Open(raw)
	if err != nil {
		return rule.Words{}, asWrong(err)
	}
	shipped, err := s.shipped(day)
	if err != nil {
		return rule.Words{}, err
	}
	var parts []string
	names := t.Names()
	for _, part := range slices.Sorted(maps.Keys(shipped.Names())) {
		if w, ok := partWords[part]; ok && !names[part] {
			parts = append(parts, w)
		}
	}
	if len(parts) > 0 {
		list := "“" + strings.Join(parts, "”, “") + "”"
		return rule.Words{VI: "Mẫu riêng đang dùng thiếu phần " + list + ": giấy lập từ mẫu này không in phần đó.",
			EN: "Your own template in use lacks the part " + list + ": papers made from it do not print it."}, nil
	}
	if _, err := s.Try(raw, day); err != nil {
		var no *desk.Error
		if errors.As(err, &no) {
			return no.Says, nil
		}
		return rule.Words{}, err
	}
	return rule.Words{}, nil
}

// partWords name the parts of papers that came to be after organisations had made
// templates of their own, by the list that prints them.
var partWords = map[string]string{
	"doc":      "Các lần đọc phiếu",
	"to_quet":  "Tờ phiếu quét do người kiểm phiếu xem và quyết định",
	"nghi_van": "Phiếu nghi vấn và quyết định của Ban kiểm phiếu",
}

// Versions lists the versions of an organisation's template, oldest first;
// none where the shipped one was always used.
func (s Slot) Versions(ctx context.Context, tx *store.Tx, org string) ([]TemplateVersion, error) {
	return templatesOf(ctx, tx, s.subject(org))
}

// File is the file of a version by its name, "<version>.docx".
func (s Slot) File(ctx context.Context, tx *store.Tx, org, name string) ([]byte, error) {
	vs, err := s.Versions(ctx, tx, org)
	if err != nil {
		return nil, err
	}
	for _, v := range vs {
		if fmt.Sprintf("%d.docx", v.Version) == name && v.File != "" {
			if raw, err := store.GetBlob(ctx, tx, v.File); err == nil {
				return raw, nil
			}
		}
	}
	return nil, desk.Missing("Không có tệp mẫu này.", "There is no such template file.")
}

// Subject is that of the slot's template of an organisation, for forms.
func (s Slot) Subject(org string) string { return s.subject(org) }

// subject is that of the slot's template of an organisation.
func (s Slot) subject(org string) string {
	return templateSubject(org, s.ID)
}

// sampleStamp is the checkpoint of a sample.
var sampleStamp = Stamp{Seal: SealFooter, Paper: "Xem thử mẫu", Code: "MẪU", Key: "mẫu"}

// Try fills a template with the sample and draws it: what a clerk looks at
// before taking it. What could harm, an unknown mark, and a template that leaves
// out content are refused in plain words.
func (s Slot) Try(raw []byte, day vn.Date) (Printed, error) {
	t, err := docx.Open(raw)
	if err != nil {
		return Printed{}, asWrong(err)
	}
	d, must, err := s.Sample(day)
	if err != nil {
		return Printed{}, err
	}
	stamp := sampleStamp
	if s.Bare {
		stamp = Stamp{Seal: SealNone}
	} else {
		must = append(must, "Điểm chứng: "+sampleStamp.Code)
	}
	out, err := Print(t, d, stamp, s.Words.VI+" (xem thử mẫu)", day)
	if err != nil {
		return Printed{}, err
	}
	doc, err := docx.Read(out.Word)
	if err != nil {
		return Printed{}, asWrong(err)
	}
	text := squeeze(doc.Text() + doc.EdgeText())
	times := map[string]int{}
	for _, want := range must {
		key := squeeze(want)
		if times[key]++; key != "" && strings.Count(text, key) < times[key] {
			return Printed{}, desk.Wrong("file", "Mẫu bỏ sót nội dung của giấy (ví dụ “"+want+"”); hãy giữ đủ các phần {{#…}} … {{/…}} và bảng của mẫu có sẵn.",
				"The template leaves out content of the paper (such as “"+want+"”); keep all parts {{#…}} … {{/…}} and tables of the shipped one.")
		}
	}
	return out, nil
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// asWrong turns a refused template into plain words.
func asWrong(err error) error {
	if r := (*docx.Refused)(nil); errors.As(err, &r) {
		return desk.Wrong("file", r.VI, r.EN)
	}
	return err
}

// ownTemplate is the newest template set for a subject with its entry; nil
// where there is none, or it went back to the shipped one.
func ownTemplate(ctx context.Context, tx *store.Tx, subject string) (*docx.Template, *int64, error) {
	vs, err := templatesOf(ctx, tx, subject)
	if err != nil || len(vs) == 0 || vs[len(vs)-1].File == "" {
		return nil, nil, err
	}
	v := vs[len(vs)-1]
	raw, err := store.GetBlob(ctx, tx, v.File)
	if err != nil {
		return nil, nil, desk.Refuse(fmt.Sprintf("Tệp mẫu riêng (phiên bản %d) không còn trong kho; hãy tải lại mẫu hoặc trả về mẫu có sẵn.", v.Version),
			fmt.Sprintf("The file of your own template (version %d) is gone; upload it again or go back to the shipped one.", v.Version))
	}
	t, err := docx.Open(raw)
	return t, &v.Entry, err
}
