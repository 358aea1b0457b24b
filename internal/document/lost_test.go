package document

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"

	"minhbach/internal/document/docx"
)

// LostWords are the words of a Word file, its headers and footers too, that do
// not stand in a PDF. Words that the PDF parts over lines are found all the same.
func LostWords(t testing.TB, word, pdf []byte) (lost []string) {
	t.Helper()
	doc, err := docx.Read(word)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("pdftotext", "-raw", "-", "-")
	cmd.Stdin = bytes.NewReader(pdf)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("pdftotext (package poppler-utils) is needed: %v", err)
	}
	drawn := squeeze(string(out))
	have, want := map[string]int{}, map[string]int{}
	for _, w := range strings.Fields(string(out)) {
		have[w]++
	}
	for _, w := range strings.Fields(doc.Text() + " " + doc.EdgeText()) {
		if want[w]++; !strings.Contains(drawn, w) {
			lost = append(lost, w)
		}
	}
	return lost
}
