package web

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"minhbach/internal/bundle"
	"minhbach/internal/election"
	"minhbach/internal/regulation"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

const lawPath = "/quy-dinh/85-2015-qh13.2015-06-25/2025"

// multi posts a form with a file, as a browser does.
func (v *visitor) multi(path string, fields url.Values, field, name string, content []byte) *answer {
	v.h.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, vs := range fields {
		for _, x := range vs {
			if err := w.WriteField(k, x); err != nil {
				v.h.t.Fatal(err)
			}
		}
	}
	if field != "" {
		f, err := w.CreateFormFile(field, name)
		if err != nil {
			v.h.t.Fatal(err)
		}
		_, _ = f.Write(content)
	}
	_ = w.Close()
	return v.postBody(path, w.FormDataContentType(), &body)
}

// hidden are the fields a form carries by itself.
func (a *answer) hidden(action string) url.Values {
	a.t.Helper()
	out := url.Values{}
	for _, f := range a.all("form") {
		if attr(f, "method") != "post" || attr(f, "action") != action {
			continue
		}
		for _, in := range find(f, "input", "textarea") {
			switch {
			case in.Data == "textarea":
				out.Set(attr(in, "name"), strings.TrimPrefix(rawText(in), "\n"))
			case attr(in, "type") == "hidden" || attr(in, "type") == "text":
				out.Set(attr(in, "name"), attr(in, "value"))
			}
		}
		return out
	}
	a.t.Fatalf("no form for %q", action)
	return nil
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// page is a scan with a mark in it, so that pages can be told apart.
func scanPage(mark uint8) []byte {
	img := image.NewGray(image.Rect(0, 0, 300, 420))
	for i := range img.Pix {
		img.Pix[i] = 250
	}
	for y := 40; y < 380; y += 22 {
		for x := 30; x < 270; x++ {
			img.SetGray(x, y, color.Gray{Y: mark})
		}
	}
	var buf bytes.Buffer
	_ = png.Encode(&buf, img)
	return buf.Bytes()
}

func (h *house) rules() *rule.Library {
	h.t.Helper()
	var lib *rule.Library
	err := h.desk.Read(h.t.Context(), func(tx *store.Tx) (err error) {
		lib, err = h.desk.Rules(h.t.Context(), tx)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return lib
}

// doubtful is an unverified rule of the library of the day.
func (h *house) doubtful() (*rule.Edition, *rule.Item) {
	h.t.Helper()
	for _, e := range h.rules().On(vn.MustDate("2026-11-23")) {
		for _, r := range e.Rules {
			if r.Evidence == rule.Unverified {
				return e, &r.Item
			}
		}
	}
	h.t.Fatal("the library has no unverified rule")
	return nil, nil
}

// TestRegulationLibrary walks through the library as an officer does, in both
// languages.
func TestRegulationLibrary(t *testing.T) {
	h := newHouse(t)
	e, it := h.doubtful()
	for _, lang := range languages {
		v := h.as("canbo")
		v.get("/ngon-ngu/" + lang)
		for _, path := range []string{"/quy-dinh", "/quy-dinh?q=85/2015", "/quy-dinh?q=khong-co-gi-ca", "/quy-dinh?tat-ca=on", lawPath, lawPath + "?chay=1",
			lawPath + "/muc/state-election.winner", lawPath + "/muc/winner_share", lawPath + "/muc/state-election.tie", editionURL(e), itemURL(e, it.ID),
			"/quy-dinh/so-sanh", compareURL(regulation.Find(h.rules(), "85-2015-qh13.2015-06-25", "2015"), regulation.Find(h.rules(), "85-2015-qh13.2015-06-25", "2025")),
			"/quy-dinh/ra-soat", "/quy-dinh/ra-soat?ngay=2021-05-23&loai=state-election/qh", "/quy-dinh/ra-soat?loai=none"} {
			p := v.get(path).is(200)
			checkPage(t, lang+" "+path, p)
		}
	}
	v := h.as("canbo")
	v.get("/quy-dinh").says("85/2015/QH13", "Luật Bầu cử đại biểu Quốc hội", "đang có hiệu lực")
	v.get("/quy-dinh?q=trung+cu+quoc+hoi").says("Kết quả tìm")
	v.get(lawPath).says("Trúng cử khi được quá nửa số phiếu hợp lệ", "votes * winner_share.den > valid * winner_share.num", "‹số phiếu bầu› phiếu, quá 1/2 của", "Điều 78", "có sẵn trong chương trình")
	v.get(lawPath + "?chay=1").says("ví dụ ra đúng kết quả")
	v.get(itemURL(e, it.ID)).says(it.Title.VI, "Cách hiểu chính", it.Readings[0].Says.VI)
	if f := v.get(lawPath + "/tep").is(200); !bytes.Equal(f.body, regulation.Find(h.rules(), "85-2015-qh13.2015-06-25", "2025").Raw) {
		t.Error("the file that is downloaded is not the file")
	}
	for path, to := range map[string]string{
		"/quy-dinh/85-2015-qh13.2015-06-25":                                              lawPath,
		"/quy-dinh/85-2015-qh13.2015-06-25?luc=2021-05-23":                               "/quy-dinh/85-2015-qh13.2015-06-25/2015",
		"/quy-dinh/85-2015-qh13.2015-06-25?ngay=2021-05-23":                              "/quy-dinh/85-2015-qh13.2015-06-25/2015?ngay=2021-05-23",
		lawURL("85/2015/QH13", vn.MustDate("2015-06-25"), "", vn.MustDate("1990-01-01")): "/quy-dinh/85-2015-qh13.2015-06-25/2015",
	} {
		if got := v.get(path).is(303).header.Get("Location"); got != to {
			t.Errorf("%s leads to %s, want %s", path, got, to)
		}
	}
	if got := lawURL("85/2015/QH13", vn.MustDate("2015-06-25"), "state-election.winner", vn.MustDate("2021-05-23")); got != "/quy-dinh/85-2015-qh13.2015-06-25?dieu=state-election.winner&luc=2021-05-23#state-election.winner" {
		t.Error(got)
	}
	for _, path := range []string{"/quy-dinh/khong-co", lawPath + "x", lawPath + "/muc/khong-co", "/quy-dinh/doi-chieu/0", "/quy-dinh/doi-chieu/99999", "/quy-dinh/doi-chieu/x",
		"/quy-dinh/ban-chup/" + strings.Repeat("0", 64), "/quy-dinh/ra-soat?cuoc=khong-co"} {
		v.get(path).is(404)
	}
	for _, path := range []string{"/quy-dinh/them", "/quy-dinh/dat-lai", proposeURL(e, it.ID)} {
		if p := v.get(path); p.status != 403 {
			t.Errorf("%s: an officer without the right gets %d", path, p.status)
		}
	}
}

// TestRegulationWords: every role, type, series and evidence that the library
// knows has words in both languages.
func TestRegulationWords(t *testing.T) {
	h := newHouse(t)
	m := h.server.messages
	need := func(prefix, value string) {
		if !m.has(prefix + "." + value) {
			t.Errorf("no words for %s.%s", prefix, value)
		}
	}
	for _, e := range h.rules().Editions() {
		need("reg.series", e.Series)
		for _, p := range e.Parameters {
			need("reg.type", p.Type)
		}
		for _, r := range e.Rules {
			need("reg.role", string(r.Role))
		}
		e.EachItem(func(_ string, it *rule.Item) { need("evidence", string(it.Evidence)) })
	}
}

func contestOf(t *testing.T, id, day string) election.Contest {
	t.Helper()
	rec, err := vote.ParseRecord([]byte(`{"id":"` + id + `","rules":"state-election/qh","date":"` + day + `","seats":1,
		"candidates":[{"id":"c1","name":"Nguyễn Văn Một"},{"id":"c2","name":"Trần Thị Hai"},{"id":"c3","name":"Lê Văn Ba"}],"voters":{"listed":1500,"voted":1000},"ballots":{"issued":1000,"collected":1000,"valid":1000,"invalid":0},"votes":{"c1":550,"c2":300,"c3":150}}`))
	if err != nil {
		t.Fatal(err)
	}
	return election.Contest{Title: rule.Words{VI: "Đơn vị " + id, EN: "Unit " + id}, Record: rec}
}

// TestOverrideChangesTheVerdict: the province sets the winner's share anew by
// the small form; the contest counted before keeps its verdict, the next one is
// counted by the override, and its verdict leads there.
func TestOverrideChangesTheVerdict(t *testing.T) {
	h := newHouse(t)
	h.do("canbo", election.OpenEvent{ID: "thu", Kind: "national-assembly", Date: vn.MustDate("2026-12-20"), Title: rule.Words{VI: "Bầu cử thử", EN: "Test election"}, Sample: true})
	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/1", "2026-12-20")})
	k := h.as("quydinh1")
	p := k.submit("/quy-dinh/dat-lai?doc=85-2015-qh13.2015-06-25&parameter=winner_share", "/quy-dinh/dat-lai", url.Values{
		"parameter": {"winner_share"}, "value": {"0,6"}, "article": {"Điều 1"}, "from": {"1/12/2026"}, "number": {"15-QĐ/TU"}, "date": {"20/11/2026"}, "title": {"Về <b>tỷ lệ</b> trúng cử"}})
	p.is(422).says("Giá trị mới phải là phân số", "1/2")
	checkPage(t, "override form with an error", p)
	p = k.resubmit(p, "/quy-dinh/dat-lai", "/quy-dinh/dat-lai", url.Values{"value": {"60%"}})
	p.is(200).says("tệp đúng, ghi được", "60/100", "Bầu cử đại biểu Quốc hội", "Về <b>tỷ lệ</b> trúng cử")
	checkPage(t, "preview", p)
	head := h.desk.Head()
	fields := p.hidden("/quy-dinh/them")
	fields.Set("step", "record")
	done := k.multi("/quy-dinh/them", fields, "", "", nil).is(303)
	if h.desk.Head() != head+1 {
		t.Fatalf("head %d, want %d", h.desk.Head(), head+1)
	}
	again := k.multi("/quy-dinh/them", fields, "", "", nil).is(303) // the answer was lost, the form is sent again
	if h.desk.Head() != head+1 || !strings.Contains(again.header.Get("Location"), "lap=1") {
		t.Errorf("the same form twice: head %d, %s", h.desk.Head(), again.header.Get("Location"))
	}
	k.get(k.get(done.header.Get("Location")).is(303).header.Get("Location")).is(200).says("15-QĐ/TU", "Quy định riêng của tỉnh", "chưa đến hiệu lực")
	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/2", "2026-12-20")})
	status := func(id string) (got string) {
		t.Helper()
		err := h.db.Read(t.Context(), func(tx *store.Tx) error {
			r, err := election.GetRow(t.Context(), tx, id)
			if err == nil {
				got = r.Status
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if a, b := status("thu/1"), status("thu/2"); a != "decided" || b != "short" {
		t.Errorf("before the override %s, after it %s; want decided and short", a, b)
	}
	v := h.as("canbo")
	v.get(lawPath+"?ngay=2026-12-20").says("60/100", "đặt lại bởi", "15-QĐ/TU")
	v.get(lawPath+"/muc/state-election.winner").says("Đơn vị thu/1", "Đơn vị thu/2", "chưa bầu đủ")
	v.get("/quy-dinh?ngay=2026-12-20").says("Quy định riêng của tỉnh", "cụ thể hóa 85/2015/QH13")
	v.get("/quy-dinh/ra-soat?cuoc=thu/2").is(200).says("Đơn vị thu/2", "15-QĐ/TU", "20/12/2026")
	v.get("/quy-dinh/ra-soat?su-kien=thu").is(200).says("Bầu cử thử")
}

// TestHostileFiles: what a keeper may bring by mistake or on purpose is told
// by line, kept on the screen, and changes nothing.
func TestHostileFiles(t *testing.T) {
	h := newHouse(t)
	k := h.as("quydinh1")
	blank := func() url.Values {
		f := k.get("/quy-dinh/them").is(200).hidden("/quy-dinh/them")
		f.Set("step", "preview")
		return f
	}
	law := string(regulation.Find(h.rules(), "85-2015-qh13.2015-06-25", "2025").Raw)
	head := h.desk.Head()
	for name, c := range map[string]struct{ text, says string }{
		"decimal":   {strings.Replace(law, "value: [1, 2]", "value: 0.5", 1), "là số thập phân"},
		"same":      {law, "Thư viện đã có bản"},
		"clash":     {strings.Replace(law, `edition: "2025"`, `edition: "2026"`, 1), "replaces"},
		"unknown":   {strings.Replace(law, "votes * winner_share.den >", "votez * winner_share.den >", 1), "votez"},
		"not UTF-8": {"document:\n  number: \xff\xfe\n", "Dòng 2: Có ký tự không đọc được"},
		"UTF-16":    {"\xff\xfed\x00o\x00c\x00", "không đọc được"},
		"binary":    {"%PDF-1.4\x00\x01\x02", ""},
		"empty":     {"", "Tệp trống"},
		"bomb":      {"a: &a [x]\nb: [*a,*a]\n", "không dùng neo"},
		"deep":      {strings.Repeat("[", 5000), ""},
		"huge":      {strings.Repeat("x", rule.MaxFile+10), "lớn hơn 1 MiB"},
		"script":    {"document: {number: '<script>alert(1)</script>'", ""},
	} {
		p := k.multi("/quy-dinh/them", blank(), "file", "../../"+name+".yaml", []byte(c.text))
		if p.status != 422 {
			t.Errorf("%s: status %d", name, p.status)
		}
		p.says(c.says)
		checkPage(t, name, p)
		f := blank()
		f.Set("step", "record")
		f.Set("yaml", strings.ToValidUTF8(c.text, "?"))
		if p := k.multi("/quy-dinh/them", f, "", "", nil); p.status != 422 {
			t.Errorf("%s recorded: status %d", name, p.status)
		}
	}
	if p := k.multi("/quy-dinh/them", blank(), "file", "big.yaml", make([]byte, 3<<20)); p.status < 400 || p.status >= 500 {
		t.Errorf("3 MiB: status %d", p.status)
	}
	if h.desk.Head() != head {
		t.Error("something was recorded")
	}
}

// TestTwoKeepersAttest: the first keeper brings the scan, the second reads it
// without seeing the first one's reading; only then the item decides.
func TestTwoKeepersAttest(t *testing.T) {
	h := newHouse(t)
	e, it := h.doubtful()
	one, two := h.as("quydinh1"), h.as("quydinh2")
	path := proposeURL(e, it.ID)
	p := one.get(path).is(200).says("Văn bản đã ký ghi thế nào?", it.Readings[0].Says.VI)
	checkPage(t, "propose", p)
	for _, in := range p.all("input") {
		if attr(in, "name") == "choice" && has(in, "checked") {
			t.Error("a reading is chosen beforehand")
		}
	}
	f := p.hidden("/quy-dinh/xac-nhan")
	f.Set("choice", it.Readings[0].ID)
	f.Set("page", "trang 9, "+it.Article)
	f.Set("note", "Bản sao y số 3 lưu tại văn thư")
	head := h.desk.Head()
	one.multi("/quy-dinh/xac-nhan", f, "", "", nil).is(422).says("Thiếu bản chụp")
	for name, data := range map[string][]byte{"trang.html": []byte("<script>"), "trang.svg": []byte("<svg/>"), "trang.png": scanPage(10)[:80], "lon.pdf": append([]byte("%PDF-"), make([]byte, regulation.MaxScan-100)...)} {
		p := one.multi("/quy-dinh/xac-nhan", f, "scan_file", name, data)
		p.is(422)
		checkPage(t, name, p)
	}
	one.multi("/quy-dinh/xac-nhan", f, "scan_file", "x.pdf", make([]byte, regulation.MaxScan+1<<20)).says("quá lớn")
	without := url.Values{}
	for k, v := range f {
		without[k] = v
	}
	without.Del("page")
	p = one.multi("/quy-dinh/xac-nhan", without, "scan_file", "trang.png", scanPage(0)).is(422).says("Đã nhận bản chụp", "Ghi trang, điều, khoản")
	if h.desk.Head() != head {
		t.Fatal("something was recorded")
	}
	f.Set("scan", p.hidden("/quy-dinh/xac-nhan").Get("scan")) // kept: the keeper need not choose the file again
	done := one.multi("/quy-dinh/xac-nhan", f, "", "", nil).is(303)
	at, _, _ := strings.Cut(done.header.Get("Location"), "?")
	checkPage(t, "proposal, first keeper", one.get(at).is(200).says("không tự xác nhận được", "Bản sao y số 3"))
	one.get("/").says("chờ một người giữ quy định khác")
	checkPage(t, "proposal, second keeper", two.get(at).is(200).says("Chưa hiện ở đây", "trang 9"))
	two.get("/").says("Đọc văn bản đã ký và xác nhận")
	scan := two.get("/quy-dinh/ban-chup/" + f.Get("scan")).is(200)
	if scan.header.Get("Content-Type") != "image/png" || !bytes.Equal(scan.body, scanPage(0)) {
		t.Errorf("the scan: %s", scan.header.Get("Content-Type"))
	}
	h.as("canbo").get(at).is(200)
	if p := h.as("canbo").post(at, url.Values{"act": {"x"}, "step": {"confirm"}, "choice": {it.Readings[0].ID}}); p.status != 403 {
		t.Errorf("an officer without the right confirms: %d", p.status)
	}
	one.post(at, url.Values{"act": {"y"}, "seen": {"-2"}, "step": {"confirm"}, "choice": {it.Readings[0].ID}}).is(422).says("không tự xác nhận được")
	q := two.get(at).hidden(at)
	q.Set("step", "confirm")
	q.Set("choice", rule.MainReading)
	two.post(at, q).is(422).says("khác với đề nghị")
	q = two.get(at).hidden(at)
	q.Set("step", "confirm")
	q.Set("choice", it.Readings[0].ID)
	two.post(at, q).is(303)
	checkPage(t, "attested", two.get(at).is(200).says("đã xác nhận, đang áp dụng", it.Readings[0].Says.VI))
	lib := h.rules()
	if a, ok := lib.Attested(regulation.Find(lib, regulation.Slug(e.Document.Number, e.Document.Date), e.ID), it.ID); !ok || a.Choice != it.Readings[0].ID {
		t.Errorf("attested: %v %v", a, ok)
	}
	two.get(itemURL(e, it.ID)).says("đã đối chiếu văn bản", "Hai người giữ quy định đã đối chiếu")
}

// TestStaleAttestation: two keepers propose at once; the second is told what
// changed, with what he typed kept.
func TestStaleAttestation(t *testing.T) {
	h := newHouse(t)
	e, it := h.doubtful()
	one, two := h.as("quydinh1"), h.as("quydinh2")
	path := proposeURL(e, it.ID)
	f1, f2 := one.get(path).hidden("/quy-dinh/xac-nhan"), two.get(path).hidden("/quy-dinh/xac-nhan")
	for i, f := range []url.Values{f1, f2} {
		f.Set("choice", rule.MainReading)
		f.Set("page", "trang 2")
		f.Set("note", []string{"bản gốc", "bản sao lưu ở xã"}[i])
	}
	one.multi("/quy-dinh/xac-nhan", f1, "scan_file", "a.png", scanPage(1)).is(303)
	two.multi("/quy-dinh/xac-nhan", f2, "scan_file", "b.png", scanPage(2)).is(409).says("vừa được người khác thay đổi", "bản sao lưu ở xã")
}

// TestBundleUnderOwnRules: a contest counted by an override and after an
// attestation leaves as a bundle that the verifier replays, and lists the
// recorded rules in it.
func TestBundleUnderOwnRules(t *testing.T) {
	h := newHouse(t)
	e, it := h.doubtful()
	var scan string
	if err := h.db.Write(t.Context(), func(tx *store.Tx) (err error) {
		scan, err = store.PutBlob(t.Context(), tx, scanPage(5))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	p := h.do("quydinh1", regulation.ProposeAttestation{Document: e.Document.Ref(), Edition: e.ID, Item: it.ID, Choice: it.Readings[0].ID, Scan: scan, Page: "trang 1", Note: "bản gốc"})
	h.do("quydinh2", regulation.ConfirmAttestation{Document: e.Document.Ref(), Proposed: p.Entries[0].Index, Choice: it.Readings[0].ID})
	o := regulation.Override{Over: rule.DocRef{Number: "85/2015/QH13", Date: vn.MustDate("2015-06-25")}, Parameter: "winner_share", Value: "3/5",
		Number: "15-QĐ/TU", Date: vn.MustDate("2026-11-20"), Article: "Điều 1", Title: rule.Words{VI: "Về tỷ lệ"}, From: vn.MustDate("2026-12-01")}
	file, text, err := o.YAML(h.rules())
	if err != nil {
		t.Fatal(err)
	}
	h.do("quydinh1", regulation.AddEdition{File: file, YAML: string(text)})
	h.do("canbo", election.OpenEvent{ID: "thu", Kind: "national-assembly", Date: vn.MustDate("2026-12-20"), Title: rule.Words{VI: "Bầu cử thử", EN: "Test election"}, Sample: true})
	h.do("canbo", election.RecordContest{Event: "thu", Contest: contestOf(t, "thu/2", "2026-12-20")})
	b := h.as("canbo").get("/bau-cu/goi/thu/2").is(200)
	path := filepath.Join(t.TempDir(), "thu-2.zip")
	if err := os.WriteFile(path, b.body, 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	if code := bundle.Main([]string{path, "--key", h.desk.VerifierKey()}, nil, &out, &errs); code != 0 || !strings.Contains(out.String(), "recorded the regulation edition 15-qd-tu") || !strings.Contains(out.String(), "attested "+it.ID) {
		t.Errorf("exit %d\n%s%s", code, out.String(), errs.String())
	}
	h.as("canbo").get("/bau-cu/cuoc/thu/2").says("Mức 3/5 theo Điều 1, 15-QĐ/TU ngày 20/11/2026.")
}
