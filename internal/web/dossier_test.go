package web

import (
	"archive/zip"
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

const filePath = "/can-bo/ho-so/nguyen-van-mau"

func paperPDF(text string) []byte {
	return []byte("%PDF-1.4\n% " + text + "\ntrailer<<>>\nstartxref\n0\n%%EOF\n")
}

var formField = regexp.MustCompile(`name="(act|seen)" value="([^"]*)"`)

type namedFile struct {
	name    string
	content []byte
}

// sendFiles posts the form of path whose id or action holds mark, with files, as
// a browser without script does.
func (v *visitor) sendFiles(path string, fields url.Values, files ...namedFile) *answer {
	v.h.t.Helper()
	page := v.get(path)
	if page.status != http.StatusOK {
		v.h.t.Fatalf("%s: %d", path, page.status)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	seen := map[string]bool{}
	for _, m := range formField.FindAllSubmatch(page.body, -1) {
		if name := string(m[1]); !seen[name] {
			seen[name] = true
			_ = w.WriteField(name, string(m[2]))
		}
	}
	for k, vs := range fields {
		_ = w.WriteField(k, vs[0])
	}
	for _, f := range files {
		part, err := w.CreateFormFile("file", f.name)
		if err != nil {
			v.h.t.Fatal(err)
		}
		_, _ = part.Write(f.content)
	}
	_ = w.Close()
	action, _, _ := strings.Cut(path, "?")
	if strings.Contains(path, "/viec/") {
		action = path
	}
	return v.postBody(action, w.FormDataContentType(), &body)
}

// reads are what the read log says of a subject, newest last.
func (h *house) reads(subject string) (out []string) {
	h.t.Helper()
	err := h.db.Read(h.t.Context(), func(tx *store.Tx) error {
		rows, err := tx.Query(h.t.Context(), `SELECT what FROM op_read_log WHERE subject = $1 ORDER BY seq`, subject)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var what string
			if err := rows.Scan(&what); err != nil {
				return err
			}
			out = append(out, what)
		}
		return rows.Err()
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *house) docs(who string) (out []dossier.Doc) {
	h.t.Helper()
	if err := h.db.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		out, err = dossier.Docs(h.t.Context(), tx, who, -1)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return out
}

// A file by its pages, without script: opened, several scans handed in at once
// of which one is refused, read only with a purpose, each view in the log.
func TestFileOfAPersonByItsPages(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("canbo")
	const who = "person/nguyen-van-mau"
	if p := v.get(filePath); p.status != 200 || !strings.Contains(p.text(), "Chưa lập hồ sơ") {
		t.Fatalf("before it is opened: %d", p.status)
	}
	open := v.sendFiles(filePath+"/viec/lap", url.Values{"class": {"internal"}, "to": {"Tỉnh ủy Mẫu"}, "from": {"1/2/2010"}, "receiver": {"Lê Văn Giữ"}})
	if open.status != http.StatusSeeOther {
		t.Fatalf("open: %d %s", open.status, open.body)
	}
	// Without script: several files, one a web page that calls itself a PDF, one
	// with a path in its name.
	up := v.sendFiles(filePath, url.Values{"how": {"each"}, "class": {"internal"}, "paper": {"on"}},
		namedFile{"02.Ly_lich_dang_vien.pdf", paperPDF("a")}, namedFile{`..\..\07.Quyet_dinh.pdf`, paperPDF("b")}, namedFile{"x.pdf", []byte("<html><script>alert(1)</script>")})
	if up.status != 200 || !strings.Contains(string(up.body), "không nhận") || !strings.Contains(string(up.body), "loại khác") {
		t.Fatalf("upload: %d\n%s", up.status, up.body)
	}
	ds := h.docs(who)
	if len(ds) != 2 || ds[0].Paper.Kind != 2 || ds[1].Paper.Kind != 7 || ds[0].Paper.Title != "Ly lich dang vien" || strings.ContainsAny(ds[1].Paper.Scans[0].Name, `/\`) {
		t.Fatalf("recorded: %+v", ds)
	}
	page := v.get(filePath)
	if strings.Contains(string(page.body), ds[0].Paper.Scans[0].Hash) {
		t.Error("a scan can be opened without a purpose")
	}
	doc := filePath + "/tai-lieu/" + strings.TrimPrefix(ds[0].ID, "paper/")
	scan := doc + "/" + ds[0].Paper.Scans[0].Hash
	if p := v.get(scan); p.status != http.StatusSeeOther || !strings.Contains(p.header.Get("Location"), "#muc-dich") {
		t.Errorf("without a purpose: %d %s", p.status, p.header.Get("Location"))
	}
	if p := v.get(scan + "?muc-dich=else"); p.status != http.StatusSeeOther {
		t.Errorf("other work that is not said: %d", p.status)
	}
	got := v.get(scan + "?muc-dich=request&ghi-ro=UBKT+y%C3%AAu+c%E1%BA%A7u")
	if got.status != 200 || !bytes.Equal(got.body, paperPDF("a")) || got.header.Get("Content-Type") != "application/pdf" || got.header.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.Contains(got.header.Get("Content-Disposition"), "02.Ly_Lich_Dang_Vien.pdf") {
		t.Fatalf("the scan: %d %v", got.status, got.header)
	}
	log := h.reads(who)
	if last := log[len(log)-1]; !strings.Contains(last, "UBKT yêu cầu") || !strings.Contains(last, ds[0].ID) {
		t.Errorf("the read log says %q", last)
	}
	if p := v.get(scan[:len(scan)-2] + "00?muc-dich=check"); p.status != http.StatusNotFound {
		t.Errorf("another hash: %d", p.status)
	}
	whole := v.get(filePath + "/tron-bo?muc-dich=fill")
	z, err := zip.NewReader(bytes.NewReader(whole.body), int64(len(whole.body)))
	if err != nil || len(z.File) != 2 || !strings.HasSuffix(z.File[1].Name, "/07.Quyet_Dinh.pdf") {
		t.Errorf("the whole file: %v", err)
	}
	// Lost by its record, restored by decision, by the forms.
	state := filePath + "/viec/tinh-trang?tl=" + strings.TrimPrefix(ds[1].ID, "paper/") + "&lan=1"
	if p := v.submit(state, "", url.Values{"state": {"lost"}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.text(), "biên bản") {
		t.Errorf("a loss without a record: %d", p.status)
	}
	if p := v.submit(state, "", url.Values{"state": {"lost"}, "number": {"3-BB/ĐU"}, "date": {"5/1/2020"}}); p.status != http.StatusSeeOther {
		t.Errorf("a loss: %d %s", p.status, p.text())
	}
	if p := v.get(filePath + "?xem=lost"); !strings.Contains(p.text(), "đã mất") || strings.Contains(p.text(), "Ly lich") {
		t.Error("the view of what is lost")
	}
	if p := v.get(filePath + "?xem=all"); strings.Count(string(p.body), "<tr") < 104 {
		t.Error("the view of every kind")
	}
	if p := v.submit(filePath+"/viec/ra-soat", "", url.Values{"k.38": {"to-supply"}, "k.83": {"not-arising"}}); p.status != http.StatusSeeOther {
		t.Errorf("marks: %d %s", p.status, p.text())
	}
	gaps := v.get("/ho-so-thieu?xep=mat")
	if text := gaps.text(); !strings.Contains(text, "Nguyễn Văn Mẫu") || !strings.Contains(text, "Trần Thị Thử") {
		t.Errorf("files with gaps: %s", text)
	}
	if text := v.get("/ho-so-thieu?thieu=lost&q=nguyen").text(); !strings.Contains(text, "Nguyễn Văn Mẫu") || strings.Contains(text, "Trần Thị Thử") {
		t.Errorf("the filter: %s", text)
	}
	for _, path := range []string{filePath, doc, "/ho-so-thieu", "/can-bo/nguyen-van-mau"} {
		if p := h.as("kiemtra").get(path); p.status == 200 {
			t.Errorf("an auditor reads %s", path)
		}
	}
}

// A classified paper shows its content to its keepers alone: on the contents,
// by its address, and on the ledger's page; an erased one is gone with its scan.
func TestClassifiedPaperAndErasure(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const who = "person/nguyen-van-mau"
	h.do("canbo", dossier.Open{Person: who, Home: "org/tinh", Class: dossier.Internal, Custodian: "org/tinh", From: vn.MustDate("2010-02-01")})
	var f vault.File
	if err := h.db.Write(t.Context(), func(tx *store.Tx) (err error) {
		f, err = h.server.vault.Put(t.Context(), tx, who, paperPDF("mật"), h.clock.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rc := h.do("canbo", dossier.Put{Person: who, Home: "org/tinh", Items: []dossier.Item{{Class: dossier.Secret, State: dossier.Kept, Paper: dossier.Paper{Kind: 22, Title: "Quyết định khiển trách", Scans: []dossier.Scan{{Hash: f.Hash}}}}}})
	doc := filePath + "/tai-lieu/" + rc.Act + "-1"
	officer, head := h.as("canbo"), h.as("lanhdao")
	if text := officer.get(filePath).text(); strings.Contains(text, "khiển trách") || strings.Contains(text, "Kỷ luật") || !strings.Contains(text, "Tài liệu mật") {
		t.Errorf("an officer sees: %s", text)
	}
	for _, path := range []string{doc, doc + "/" + f.Hash + "?muc-dich=check", filePath + "/viec/sua?tl=" + rc.Act + "-1"} {
		if p := officer.get(path); p.status != http.StatusNotFound {
			t.Errorf("an officer opens %s: %d", path, p.status)
		}
	}
	entry := "/nhat-ky/" + number("en", rc.Entries[0].Index)
	if text := officer.get(entry).text(); strings.Contains(text, "khiển trách") {
		t.Error("the ledger's page shows a classified paper to an officer")
	}
	if text := head.get(entry).text(); !strings.Contains(text, "khiển trách") {
		t.Error("the ledger's page hides it from its keeper")
	}
	if p := head.get(doc + "/" + f.Hash + "?muc-dich=check"); p.status != 200 {
		t.Errorf("the keeper's view: %d", p.status)
	}
	if p := officer.get(filePath + "/viec/xoa"); p.status != http.StatusNotFound {
		t.Errorf("an officer erases: %d", p.status)
	}
	form := filePath + "/viec/xoa?tl=" + rc.Act + "-1"
	if p := head.submit(form, "", url.Values{"decision": {"9-QĐ/TU, 1/3/2026"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("unsure: %d", p.status)
	}
	if p := head.submit(form, "", url.Values{"decision": {"9-QĐ/TU, 1/3/2026"}, "sure": {"on"}}); p.status != http.StatusSeeOther {
		t.Errorf("erase: %d %s", p.status, p.text())
	}
	if p := head.get(doc + "/" + f.Hash + "?muc-dich=check"); p.status != http.StatusNotFound {
		t.Errorf("after its erasure: %d", p.status)
	}
	if text := head.get(entry).text(); strings.Contains(text, "khiển trách") {
		t.Error("the ledger still shows it")
	}
	diffs, err := desk.VerifyLedger(t.Context(), h.db, h.desk.Head()+1)
	if err != nil || len(diffs) > 0 {
		t.Errorf("the ledger after the erasure: %v %v", diffs, err)
	}
}

// Files of a collective handover stand on its page.
func TestHandoverShowsFiles(t *testing.T) {
	h := newHouse(t)
	h.seed()
	h.do("canbo", org.Found{ID: "org/xa-1/cb", Title: "Chi bộ 1 (mẫu)", Kind: org.Cell, Parent: "org/xa-1", From: vn.MustDate("2000-01-01")})
	for _, p := range []string{"person/a1", "person/a2"} {
		h.do("canbo", person.Record{ID: p, Home: "org/xa-1", Sample: true, From: vn.MustDate("2010-01-01"), Identity: person.Identity{Name: "Lê Văn " + strings.ToUpper(p[7:])}})
		h.do("canbo", person.TakeStep{Person: p, Org: "org/xa-1/cb", Step: person.Transcribed, From: vn.MustDate("2020-01-01"), Admitted: vn.MustDate("2005-01-01"), Sworn: vn.MustDate("2005-01-11"), Recognised: vn.MustDate("2006-01-11")})
	}
	h.do("canbo", dossier.Open{Person: "person/a1", Home: "org/xa-1", Class: dossier.Internal, Custodian: "org/xa-1", From: vn.MustDate("2010-02-01")})
	h.do("canbo", person.OpenHandover{ID: "handover/h1", From: "org/xa-1", To: "org/xa-2", On: vn.MustDate("2026-11-01"), Units: []string{"org/xa-1/cb"}, Files: 1})
	h.do("canbo2", person.AcceptHandover{ID: "handover/h1", To: "org/xa-2", Official: 2, Files: 1, Closing: 2})
	v, w := h.as("canbo"), h.as("canbo2")
	text := v.get("/to-chuc/ban-giao/h1").text()
	if !strings.Contains(text, "khớp số hồ sơ") || !strings.Contains(text, "Lê Văn A2") || !strings.Contains(text, "chưa lập hồ sơ") {
		t.Errorf("the page of the handover: %s", text)
	}
	for i, x := range []*visitor{v, w} {
		side := []string{"org/xa-1", "org/xa-2"}[i]
		if p := x.post("/to-chuc/ban-giao/h1", url.Values{"act": {desk.NewID()}, "seen": {number("en", h.desk.Head())}, "side": {side}, "signer": {"Người Ký"}}); p.status != http.StatusSeeOther {
			t.Fatalf("sign for %s: %d %s", side, p.status, p.text())
		}
	}
	if text := v.get("/can-bo/ho-so/a1").text(); !strings.Contains(text, "Hòa Bình") || !strings.Contains(text, "theo bàn giao tập thể") {
		t.Errorf("the file after the handover: %s", text)
	}
}

// The page of backups: a key made and shown once, a backup, a drill by one
// button and one with the office's key; a wrong key says so.
func TestBackupPage(t *testing.T) {
	h := newHouse(t)
	h.seed()
	v := h.as("quantri.mau")
	const path = "/quan-tri/sao-luu"
	if p := h.as("canbo").get(path); p.status != http.StatusForbidden {
		t.Errorf("an officer: %d", p.status)
	}
	do := func(what string, more url.Values) *answer {
		form := url.Values{"act": {desk.NewID()}, "seen": {number("en", h.desk.Head())}, "do": {what}}
		for k, vs := range more {
			form[k] = vs
		}
		return v.post(path, form)
	}
	if p := do("backup", nil); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.text(), "khóa nhận") {
		t.Errorf("without a key: %d", p.status)
	}
	secret := regexp.MustCompile(`AGE-SECRET-KEY-1[A-Z0-9]+`).FindString(string(do("new-key", nil).body))
	if secret == "" || strings.Contains(string(v.get(path).body), secret) {
		t.Fatal("the secret key is shown once")
	}
	// One person alone sets no key.
	if p := do("backup", nil); p.status != http.StatusUnprocessableEntity {
		t.Errorf("a backup to a key that one person set: %d", p.status)
	}
	public := regexp.MustCompile(`age1[a-z0-9]{50,}`).FindString(string(v.get(path).body))
	proposed := url.Values{"proposed": {v.get(path).value("proposed")}, "tail": {public[len(public)-8:]}}
	if p := do("confirm-key", proposed); p.status == http.StatusSeeOther {
		t.Error("the proposer confirmed his own key")
	}
	head := h.as("lanhdao")
	head.get("/").says("Khóa sao lưu chờ người thứ hai")
	const second = "/nhat-ky/khoa-sao-luu"
	if p := head.submit(second, second, url.Values{"do": {"confirm-key"}, "tail": {"sai-giay"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("confirmed without the paper: %d", p.status)
	}
	if p := h.as("canbo").get(second); p.status != http.StatusForbidden {
		t.Errorf("an officer on the page of the key: %d", p.status)
	}
	head.submit(second, second, url.Values{"do": {"confirm-key"}, "tail": {public[len(public)-8:]}}).is(http.StatusSeeOther)
	v.get(path).says("Quản trị (mẫu) đề nghị, Lãnh đạo Ban (mẫu) xác nhận.")
	if p := do("set-key", url.Values{"public": {secret}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("the secret key pasted as the public one: %d", p.status)
	}
	if p := do("backup", nil); p.status != http.StatusSeeOther {
		t.Fatalf("backup: %d %s", p.status, p.text())
	}
	file := regexp.MustCompile(`/quan-tri/sao-luu/tep/minhbach-[0-9-]+\.age`).FindString(string(v.get(path).body))
	if got := v.get(file); got.status != 200 || !bytes.HasPrefix(got.body, []byte("age-encryption.org/v1")) {
		t.Errorf("the file %s: %d", file, got.status)
	}
	for _, bad := range []string{"/quan-tri/sao-luu/tep/..%2f..%2fvault.key", "/quan-tri/sao-luu/tep/vault.key"} {
		if p := v.get(bad); p.status == 200 {
			t.Errorf("%s was handed out", bad)
		}
	}
	drill := func(key string) string {
		t.Helper()
		if p := do("drill", url.Values{"key": {key}}); p.status != http.StatusSeeOther {
			t.Fatalf("drill: %d %s", p.status, p.text())
		}
		for range 600 {
			if !h.server.drilling.Load() {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		return v.get(path).text()
	}
	if text := drill(""); !strings.Contains(text, "bản tức thời") || !strings.Contains(text, "các bảng dựng lại khớp") {
		t.Errorf("the drill by one button: %s", text)
	}
	if text := drill(secret); strings.Count(text, "các bảng dựng lại khớp") != 2 {
		t.Errorf("the drill with the office's key: %s", text)
	}
	other, _, _ := desk.NewBackupKey()
	if text := drill(other); !strings.Contains(text, "không mở được bản sao lưu") {
		t.Errorf("with another key: %s", text)
	}
}

// Before everything about a person is erased, the form says what stays: what
// others recorded and names him, why, and where personal content within it is
// erased by itself.
func TestEraseAllSaysWhatStays(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const form = filePath + "/viec/xoa"
	head := h.as("lanhdao")
	head.get(form).is(http.StatusOK).says("Điều gì mất, điều gì ở lại", "Kết quả bầu cử, biên bản và quyết định", "Không có mục nào của phần khác nhắc tới người này.")
	h.do("canbo", person.RecordKin{ID: "kin/1", Person: "person/tran-thi-thu", Home: "org/tinh", Other: "person/nguyen-van-mau", Tie: "spouse", Decision: org.Decision{Number: "bản kê khai"}})
	p := head.get(form).is(http.StatusOK).says("Hồ sơ của người khác có nhắc tới người này")
	if strings.Contains(p.text(), "Không có mục nào của phần khác") {
		t.Error("the form says that nothing stays")
	}
}

// The contents of a file are asked for in both times: which papers were in it
// on a day, and as known on a day; looking back shows no paper that is
// classified now.
func TestContentsInBothTimes(t *testing.T) {
	h := newHouse(t)
	h.seed()
	const who = "person/nguyen-van-mau"
	h.do("canbo", dossier.Open{Person: who, Home: "org/tinh", Class: dossier.Internal, Custodian: "org/tinh", From: vn.MustDate("2010-02-01")})
	put := func(title string, filed string) desk.Receipt {
		return h.do("canbo", dossier.Put{Person: who, Home: "org/tinh", Items: []dossier.Item{{State: dossier.Kept, Filed: vn.MustDate(filed), Paper: dossier.Paper{Kind: 87, Title: title, Paper: true}}}})
	}
	rc := put("Quyết định một", "2015-01-01")
	put("Quyết định hai", "2018-01-01")
	day := vn.DateOf(h.clock.Now().In(zone))
	h.clock.Add(72 * time.Hour)
	put("Quyết định ghi muộn", "2016-01-01")
	h.do("canbo", dossier.Correct{Person: who, Home: "org/tinh", Doc: "paper/" + rc.Act + "-1", Version: 1, Reason: "sai tên",
		Item: dossier.Item{Filed: vn.MustDate("2015-01-01"), Paper: dossier.Paper{Kind: 87, Title: "Quyết định đổi tên", Paper: true}}})
	v := h.as("canbo")
	look := func(query string, want map[string]bool) {
		t.Helper()
		text := v.get(filePath + "?" + query).is(http.StatusOK).text()
		for title, is := range want {
			if strings.Contains(text, title) != is {
				t.Errorf("%s shows %q: %v", query, title, !is)
			}
		}
	}
	known := "&biet=" + day.Vietnamese()
	look("ngay=1/6/2017", map[string]bool{"Quyết định một": false, "Quyết định đổi tên": true, "Quyết định hai": false, "Quyết định ghi muộn": true})
	look("ngay=1/6/2017"+known, map[string]bool{"Quyết định một": true, "Quyết định đổi tên": false, "Quyết định hai": false, "Quyết định ghi muộn": false, "như đã ghi đến hết ngày": true})
	look("ngay=1/6/2019"+known, map[string]bool{"Quyết định một": true, "Quyết định hai": true, "Quyết định ghi muộn": false})
	look("biet=1/1/2000", map[string]bool{"Quyết định một": false, "Quyết định hai": false})
	v.get(filePath + "?biet=hôm+nọ").is(http.StatusUnprocessableEntity).says("Ngày không đọc được")
	h.do("canbo", dossier.Correct{Person: who, Home: "org/tinh", Doc: "paper/" + rc.Act + "-1", Version: 1, Reason: "mật",
		Item: dossier.Item{Class: dossier.Secret, Filed: vn.MustDate("2015-01-01"), Paper: dossier.Paper{Kind: 87, Title: "Quyết định đổi tên", Paper: true}}})
	look("ngay=1/6/2017"+known, map[string]bool{"Quyết định một": false, "Quyết định đổi tên": false})
}
