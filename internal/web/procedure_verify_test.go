package web

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"minhbach/internal/bundle"
	"minhbach/internal/procedure"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// procedure is a case as it stands.
func (h *house) procedure(id string) *procedure.State {
	h.t.Helper()
	var st *procedure.State
	if err := h.desk.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		st, err = procedure.Get(h.t.Context(), tx, id, -1)
		return err
	}); err != nil || st == nil {
		h.t.Fatalf("%s: %v", id, err)
	}
	return st
}

// TestCaseReplayedAndExported: an inspector, let in by decision, counts every
// step again with one button, also as it stood, and takes a redacted bundle
// away; it verifies elsewhere, says what is withheld, holds nothing of it, and
// its leaving is in the ledger with purpose and digest.
func TestCaseReplayedAndExported(t *testing.T) {
	h := electionHouse(t)
	const id = "pho-giam-doc-2024"
	path := procedurePath(id) + "/kiem-chung"
	officer := h.as("canbo")
	officer.get(procedurePath(id)).is(200).says("Tính lại và xuất")
	if p := officer.get(path).is(200).says("Tính lại kết quả các bước", "Xuất gói hồ sơ"); strings.Contains(p.text(), "Kết quả từng bước") {
		t.Error("it is counted before anybody asked")
	}
	officer.get(path+"?tinh=1").is(200).says("Tính lại khớp", "giống đã ghi", "Bước 2", "Bước 5", "Dấu khóa", "quan hệ gia đình")
	officer.get(path + "?tinh=1&nhu=x").is(http.StatusNotFound)

	// Who may only read does not replay what was not announced.
	h.as("lanhdao").get(path).is(http.StatusForbidden)
	inspector := h.as("kiemtra")
	if got := inspector.get(path).status; got != http.StatusForbidden && got != http.StatusNotFound {
		t.Errorf("before a decision: %d", got)
	}
	st := h.procedure(id)
	h.do("canbo", procedure.OpenAccess{Ref: procedure.Ref{ID: id, Org: st.Org}, Account: h.samples["kiemtra"].ID, Until: vn.MustDate("2026-12-31"), Paper: procedure.Paper{Number: "3-QĐ/UBKT", Date: vn.MustDate("2024-06-14")}})
	inspector.get(path+"?tinh=1").is(200).says("Tính lại khớp", "Bước 5")
	second := st.Step("2").Counted.Entry
	p := inspector.get(path+"?tinh=1&nhu="+strconv.FormatInt(second, 10)).is(200).says("Đang xem hồ sơ như tại mục", "Bước 2")
	if strings.Contains(p.text(), "Bước 5") {
		t.Error("as it stood at step 2, step 5 is counted again")
	}

	// The export asks for purpose, reason, and something withheld.
	export := strings.TrimSuffix(path, "/kiem-chung") + "/xuat"
	classes := []string{"che-facts", "che-letters", "che-opinions", "che-reasons", "che-meetings", "che-names", "che-minutes", "che-scans"}
	fill := func(keep ...string) map[string][]string {
		f := form("purpose", "inspection", "reason", "Quyết định 3-QĐ/UBKT")
		for _, c := range classes {
			f[c] = nil
			for _, k := range keep {
				if k == c {
					f[c] = []string{"on"}
				}
			}
		}
		return f
	}
	least := []string{"che-letters", "che-opinions", "che-names", "che-minutes", "che-scans"}
	bad := fill(append(least, "che-facts")...)
	bad["reason"] = []string{""}
	inspector.submit(path, export, bad).is(http.StatusUnprocessableEntity).says("Cần ghi nội dung")
	if got := inspector.submit(path, export, fill()).status; got != http.StatusForbidden {
		t.Errorf("an inspector takes everything: %d", got)
	}
	if got := inspector.submit(path, export, fill("che-facts", "che-letters")).status; got != http.StatusForbidden {
		t.Errorf("an inspector takes names and opinions: %d", got)
	}
	got := inspector.submit(path, export, fill(append(least, "che-facts")...)).is(200)
	packed := got.body
	file := filepath.Join(t.TempDir(), "ho-so.zip")
	if err := os.WriteFile(file, packed, 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if code := bundle.Main([]string{file, "--key", h.desk.VerifierKey()}, nil, &out, &out); code != 0 {
		t.Fatalf("the redacted bundle: exit %d\n%s", code, out.String())
	}
	for _, want := range []string{"verified, ", "withheld", "facts ", "Quyết định 3-QĐ/UBKT", "step 5.1", "steps counted again of the case " + id} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the verifier does not say %q:\n%s", want, out.String())
		}
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		r.Close()
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(`"no_discipline"`)) || bytes.Contains(content, []byte(`"born"`)) {
			t.Errorf("%s holds facts that are withheld", f.Name)
		}
		if f.Name == "blocks.jsonl" && !bytes.Contains(content, []byte(`"words"`)) {
			t.Error("what is not withheld is not there")
		}
	}
	// A digit of it changed is found, and the step is named.
	sum := sha256.Sum256(packed)
	last := h.procedure(id).Exports
	if n := len(last); n != 1 || last[0].Body.Digest != hex.EncodeToString(sum[:]) || last[0].Body.Purpose != "inspection" || last[0].Actor != h.samples["kiemtra"].ID {
		t.Fatalf("the ledger says of the export: %+v", last)
	}
	inspector.get(path).is(200).says("Các lần đã xuất", "Kiểm tra, giám sát", hex.EncodeToString(sum[:]), "Đơn thư")
	officer.get("/nhat-ky/luot-xem").is(http.StatusForbidden)
	inspector.get("/nhat-ky/luot-xem").is(200).says("procedure/"+id, "gói chứng thực")

	// The officer takes all of it.
	whole := officer.submit(path, export, fill()).is(200).body
	if err := os.WriteFile(file, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	if code := bundle.Main([]string{file, "--key", h.desk.VerifierKey()}, nil, &out, &out); code != 0 || !strings.HasSuffix(out.String(), "\nverified\n") {
		t.Errorf("the whole bundle: exit %d\n%s", code, out.String())
	}
}
