package procedure

import (
	"context"
	"encoding/hex"
	"slices"
	"unicode/utf8"

	"minhbach/internal/bundle"
	"minhbach/internal/desk"
)

// Purposes are what a case may be exported for.
var Purposes = []string{"inspection", "complaint", "upper-level", "archive", "other"}

// Withheld are the codes of the classes of personal content that a bundle of a
// case may leave out.
var Withheld = []bundle.Class{bundle.ClassFacts, bundle.ClassLetters, bundle.ClassOpinions, bundle.ClassReasons, bundle.ClassMeetings, bundle.ClassNames, bundle.ClassMinutes, bundle.ClassScans}

// maxExportReason bounds the reason of an export, which goes into the bundle.
const maxExportReason = 500

// Export records that the bundle of a case was handed out: which file, for what
// purpose, with which classes of personal content withheld. A full one, with
// nothing withheld, is for who may export bundles; an inspector exports
// redacted ones.
type Export struct {
	Ref
	Purpose string
	Classes []string // withheld; codes of the bundle's classes
	Digest  string   // SHA-256 of the file, hex
	Size    int64    // of the file, in bytes
	Reason  string
}

// Name is the act's name.
func (a Export) Name() string { return "procedure.export" }

// leastWithheld are the classes that a bundle for who may only read the case
// always leaves out: names, letters, opinions, and the papers and scans, which
// hold all three.
var leastWithheld = []string{"names", "letters", "opinions", "minutes", "scans"}

// redacted says that the bundle leaves out what it must for one who may not
// export bundles.
func (a Export) redacted() bool {
	for _, c := range leastWithheld {
		if !slices.Contains(a.Classes, c) {
			return false
		}
	}
	return true
}

// Need is the right to read the case, for a bundle that is full, or nearly, that
// to export.
func (a Export) Need() desk.Need {
	if !a.redacted() {
		return desk.Need{Right: desk.ExportBundle, Org: a.Org, Case: a.Subject()}
	}
	return desk.Need{Right: desk.ReadProcedure, Org: a.Org, Case: a.Subject()}
}

// Decide wants a purpose and a reason, and an actor who is not concerned. A
// case that is over is exported too.
func (a Export) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
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
	if !slices.Contains(Purposes, a.Purpose) {
		return nil, desk.Wrong("purpose", "Hãy chọn mục đích xuất.", "Choose the purpose.")
	}
	for i, c := range a.Classes {
		if !slices.Contains(Withheld, bundle.Class(c)) || slices.Contains(a.Classes[:i], c) {
			return nil, desk.Wrong("classes", "Có loại thông tin không rõ trong danh sách được giữ lại; hãy chọn lại trên biểu mẫu.", "The list of what is withheld names an unknown class; choose again on the form.")
		}
	}
	reason, err := checkWords("reason", a.Reason, true)
	if err != nil {
		return nil, err
	}
	if utf8.RuneCountInString(reason) > maxExportReason {
		return nil, desk.Wrong("reason", "Lý do không quá 500 chữ.", "The reason is at most 500 letters.")
	}
	if d, err := hex.DecodeString(a.Digest); err != nil || len(d) != 32 || a.Size < 1 {
		return nil, desk.Wrong("digest", "Chưa lập được gói; hãy thử lại.", "The bundle was not made; try again.")
	}
	return []desk.Draft{a.event("case-exported", Body{Purpose: a.Purpose, Classes: a.Classes, Digest: a.Digest, Size: a.Size}, reason)}, nil
}
