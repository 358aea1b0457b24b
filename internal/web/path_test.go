package web

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	cdbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"

	"minhbach/internal/bundle"
	"minhbach/internal/ledger"
)

// TestPathOfAUser is the whole way of the first users in a real browser, on the
// sample province: an officer finds the election of 2021, follows its numbers,
// enters and corrects a contest, takes its bundle away and checks it; two
// keepers of the regulations browse, compare, override and attest; the ledger
// answers for all of it.
func TestPathOfAUser(t *testing.T) {
	h := electionHouse(t)
	u := h.clerk(t)
	for _, part := range []struct {
		name string
		walk func(*clerk)
	}{
		{"election of 2021", pathElection}, {"contest by hand", pathContest}, {"bundle", pathBundle}, {"hall display", pathHall},
		{"ledger", pathLedger}, {"regulations", pathRegulations},
	} {
		start := time.Now()
		part.walk(u)
		t.Logf("%s: %v", part.name, time.Since(start).Round(time.Millisecond))
	}
}

// pathElection: one click from the desk page; the figures, the filters, the
// 26, the two lists that were a candidate short, the official totals; a unit,
// its article, its entry.
func pathElection(u *clerk) {
	u.enter("canbo")
	u.click(`main a[href="/bau-cu/su-kien/qh15"]`, "", "#danh-sach")
	u.reads(".facts", "184", "866", "500 / 500", "26")
	if !strings.Contains(u.text(".facts .beside"), "khớp số đã công bố") {
		u.t.Error("no official total stands beside ours")
	}
	u.press("main details summary", "đã công bố")
	u.reads("details[open] table", "69.523.133", "866", "Khớp")
	const first = "table.contests tbody tr"
	u.pick("noi", "Tỉnh Đắk Nông")
	u.click("form.filters button", "Lọc", "#danh-sach")
	u.reads("#danh-sach h2", "2 cuộc bầu")
	if n := u.count(first); n != 2 {
		u.t.Errorf("%d units of Đắk Nông", n)
	}
	u.click("form.filters a", "Bỏ lọc", "#danh-sach")
	u.pick("xep", "Sít sao nhất trước")
	u.click("form.filters button", "Lọc", "#danh-sach")
	u.reads(first, "Tỉnh Bắc Kạn", "số 2", "197")
	u.click(".quick a", "Điều kiện danh sách chưa đạt 2", "#danh-sach")
	if n := u.count(first); n != 2 {
		u.t.Errorf("%d units a candidate short, want 2", n)
	}
	u.click(".quick a", "Quá bán, không trúng cử 26", "table.contests")
	if n := u.count(first); n != 26 {
		u.t.Errorf("%d persons over one half without a seat, want 26", n)
	}
	u.back()
	u.click("form.filters a", "Bỏ lọc", "#danh-sach")
	u.write("tim", "dieu le nam nam")
	u.click("form.filters button", "Lọc", "#danh-sach")
	u.reads("#danh-sach h2", "1 cuộc bầu")

	u.pick("noi", "Tỉnh Đắk Nông")
	u.write("tim", "")
	u.click("form.filters button", "Lọc", "#danh-sach")
	u.click(first+" th a", "số 1", ".bars .bar")
	u.isAt("/bau-cu/cuoc/qh15/dak-nong/1")
	u.reads(".bars", "Nguyễn Trường Giang", "153.669", "82,35%", "Trúng cử")
	u.reads("main", "93.301", "186.600", "Điều 78, 85/2015/QH13")
	u.click(".verdict .law a", "Điều 78, 85/2015/QH13", ":target")
	u.isAt("/quy-dinh/85-2015-qh13.2015-06-25/2015")
	u.reads(":target", "Điều 78", "quá nửa số phiếu hợp lệ")
	u.back()
	u.isAt("/bau-cu/cuoc/qh15/dak-nong/1")
	u.click(".bars .v a", "153.669", "pre")
	u.isAt("/nhat-ky/")
	u.reads("main", `"valid": 186600`)
}

// candidatesTyped are the persons of the contest entered by hand.
var candidatesTyped = []struct{ name, votes string }{{"Nguyễn Văn Thử", "8.000"}, {"Trần Thị Hai", "6500"}, {"Lê Văn Ba", "3 000"}, {"Phạm Bốn", "1.200"}}

// typeContest fills the form of a contest by keyboard.
func (u *clerk) typeContest(unit string) {
	u.t.Helper()
	u.write("title", "Đơn vị bầu cử số "+unit)
	u.write("place", "Tỉnh Thử Nghiệm")
	u.write("unit", unit)
	u.write("seats", "2")
	for i, x := range candidatesTyped {
		u.write(fmt.Sprintf("candidates[%d].name", i), x.name)
		u.write(fmt.Sprintf("candidates[%d].votes", i), x.votes)
	}
	for _, x := range [][2]string{{"ballots.valid", "10.000"}, {"ballots.invalid", "1.500"}, {"ballots.collected", "11.500"}, {"ballots.issued", "11.500"},
		{"voters.listed", "12.000"}, {"voters.voted", "11.500"}} {
		u.write(x[0], x[1])
	}
}

const (
	handContest = "/bau-cu/cuoc/qh15/thu-nghiem/7"
	record      = "Ghi nhận và xét kết quả"
)

// pathContest: typed in, with a slip on the way; the verdict and why; corrected
// with a reason; both versions side by side, and the old one as it stood.
func pathContest(u *clerk) {
	u.click(".side a", "bầu cử", "main table")
	u.click("main table a", "Quốc hội khóa XV", "#danh-sach")
	u.click("main .head a", "Nhập một cuộc bầu", `input[name="title"]`)
	u.typeContest("7")
	u.write("candidates[2].votes", "ba nghìn")
	u.click(".end button", record, ".problem")
	u.reads(`td:has([name="candidates[2].votes"])`, "không phải số nguyên")
	u.write("candidates[2].votes", "3 000")
	u.click(".end button", "Xem thử kết quả", "#xem-thu")
	u.reads("#xem-thu", "Nguyễn Văn Thử", "80,00%", "Trúng cử")
	head := u.h.desk.Head()
	u.click(".end button", record, ".note.yes")
	if u.h.desk.Head() != head+2 {
		u.t.Errorf("%d entries, want the contest and its verdict", u.h.desk.Head()-head)
	}
	u.isAt(handContest)
	u.reads(".bars", "Nguyễn Văn Thử 8.000 80,00%", "Trần Thị Hai 6.500", "Lê Văn Ba 3.000", "Không trúng cử")
	u.reads(".facts", "10.000", "5.001", "2 / 2")
	u.reads("main", "Nguyễn Văn Thử: 8.000", "Điều 78, 85/2015/QH13", "Đã có kết quả")

	u.click("main a.btn", "Đính chính", `textarea[name="reason"]`)
	u.write("candidates[3].votes", "1.300")
	u.write("reason", "Cộng sót tổ bầu cử số 3")
	u.click(".end button", "Ghi đính chính", ".note.yes")
	u.isAt(handContest)
	u.reads(".bars", "1.300")
	u.reads("main", "Lý do đính chính: Cộng sót tổ bầu cử số 3")
	u.click("main a.btn", "So sánh hai lần ghi", "tr.changed")
	u.reads("main", "1.200", "1.300", "Đã đổi", "Cộng sót tổ bầu cử số 3")
	u.back()
	u.click("table.stack td.tight a", "", ".note.wait")
	u.reads(".bars", "1.200")
	u.click(".note.wait a", "", ".bars")
	u.reads(".bars", "1.300")

	u.click(".verdict .law a", "Rà soát quy định", "main section")
	u.reads("main", "Rà soát quy định", "Đơn vị bầu cử số 7", "85/2015/QH13")
	u.back()
	u.click("main a.btn", "Biên bản", `input[name="place"]`)
	u.write("place", "Thử Nghiệm")
	u.write("board[0].name", "Lê Văn Trưởng")
	u.click("main button", "Lập biên bản", ".note.yes")
	u.reads("main", "Lê Văn Trưởng", "10.000", "Số phiếu hợp lệ", "1.300")
	u.click(".crumb a", "Đơn vị bầu cử số 7", ".bars")
	u.isAt(handContest)
}

// pathBundle: the contest leaves as a file, verifies with the key that the
// ledger page shows, and any digit changed in any of its files is found.
func pathBundle(u *clerk) {
	dir := u.t.TempDir()
	run(u.t, u.ctx, "downloads", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.CallBrowser(ctx, cdbrowser.SetDownloadBehavior, cdbrowser.SetDownloadBehaviorParams{Behavior: cdbrowser.SetDownloadBehaviorBehaviorAllow, DownloadPath: dir})
		return err
	}))
	u.press("main a.btn", "Xuất gói kiểm chứng")
	path := filepath.Join(dir, "qh15-thu-nghiem-7.zip")
	for range 400 {
		if _, err := os.Stat(path); err == nil {
			break
		}
		time.Sleep(25 * time.Millisecond)
	}
	u.click(".side a", "Nhật ký", "#ledger-live")
	u.click("main a.btn", "Điểm chứng và khóa", "pre")
	key := regexp.MustCompile(`minhbach[^\s+]*\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+`).FindString(u.text("main"))
	check := func(path string) (code int, says, last string) {
		var out, errs strings.Builder
		code = bundle.Main([]string{path, "--key", key}, nil, &out, &errs)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		return code, out.String() + errs.String(), lines[len(lines)-1]
	}
	if code, says, last := check(path); code != 0 || last != "verified" {
		u.t.Fatalf("the bundle with the key %q of the ledger page: exit %d\n%s", key, code, says)
	}
	folder := filepath.Join(dir, "unpacked")
	for _, f := range unpack(u.t, path, folder) {
		whole, err := os.ReadFile(f)
		if err != nil {
			u.t.Fatal(err)
		}
		name, _ := filepath.Rel(folder, f)
		spoiled, ok := otherDigit(whole)
		if !ok {
			continue // without a digit
		}
		if err := os.WriteFile(f, spoiled, 0o600); err != nil {
			u.t.Fatal(err)
		}
		// What stands in entries names its entry; a file about all of them
		// (checkpoint, manifest, regulations) is named itself.
		named := "entry "
		if !strings.HasSuffix(name, ".jsonl") && !strings.HasPrefix(name, "files/") {
			named = ""
		}
		code, says, last := check(folder)
		u.t.Logf("%s: %s", name, last)
		if code != 1 || !strings.HasPrefix(last, "not verified: "+named) {
			u.t.Errorf("a digit changed in %s: exit %d\n%s", name, code, says)
		}
		if err := os.WriteFile(f, whole, 0o600); err != nil {
			u.t.Fatal(err)
		}
	}
	if code, says, _ := check(folder); code != 0 {
		u.t.Errorf("the folder put right again: exit %d\n%s", code, says)
	}
}

// unpack writes the files of a zip into a folder and lists them.
func unpack(t *testing.T, path, folder string) (files []string) {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := os.CopyFS(folder, z); err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		files = append(files, filepath.Join(folder, filepath.FromSlash(f.Name)))
	}
	return files
}

// otherDigit changes one digit: the middle one.
func otherDigit(data []byte) ([]byte, bool) {
	var at []int
	for i, b := range data {
		if '0' <= b && b <= '9' {
			at = append(at, i)
		}
	}
	if len(at) == 0 {
		return nil, false
	}
	out, i := bytes.Clone(data), at[len(at)/2]
	out[i] = '0' + (out[i]-'0'+1)%10
	return out, true
}

// pathHall: closed to everyone until the result is announced, then open.
func pathHall(u *clerk) {
	const hall = "/hoi-truong/qh15/thu-nghiem/7"
	u.open(hall)
	u.reads("body", "Màn hình này chưa mở")
	if strings.Contains(u.text("body"), "8.000") {
		u.t.Error("a closed display shows a result")
	}
	u.open(handContest)
	u.click("main a", "Mở tài khoản hội trường", `input[name="case"]`)
	if got := ask[string](u.t, u.ctx, "contest", `document.querySelector('input[name="case"]').value`); got != "qh15/thu-nghiem/7" {
		u.t.Errorf("the hall account would be for %q", got)
	}
	u.back()
	u.click("main form button", "Công bố và mở màn hình hội trường", ".note.yes")
	u.click("main a", "Mở màn hình hội trường", ".hall .bar")
	u.isAt(hall)
	u.reads("main", "Đơn vị bầu cử số 7", "Nguyễn Văn Thử", "8.000", "Trúng cử 2 / 2", "Điều 78, 85/2015/QH13", "mẫu số 10.000")
	noOverflow(u.t, u.ctx, "hall")
}

// pathLedger: the entries of the contest by filter, the checkpoint, the
// fingerprint of the key, and what the program says of its own check.
func pathLedger(u *clerk) {
	u.open("/")
	u.click(".side a", "Nhật ký", "#ledger-live")
	fingerprint, err := ledger.Fingerprint(u.h.desk.VerifierKey())
	if err != nil {
		u.t.Fatal(err)
	}
	u.reads("#ledger-live", number("vi", u.h.desk.Head()+1), fingerprint, "Tự kiểm", "✓")
	u.pick("loai", "bầu cử")
	u.write("doi-tuong", "contest/qh15/thu-nghiem/7")
	u.write("tu", "23/11/2026")
	u.click("form.filters button", "Lọc", "main table")
	u.reads("main table", "Ghi số liệu cuộc bầu", "Xét kết quả cuộc bầu", "Đính chính số liệu cuộc bầu", "Cán bộ tổ chức (mẫu)")
	if n := u.count("main table tbody tr"); n != 6 {
		u.t.Errorf("%d entries of the contest, want 6: recorded, counted, corrected, counted, minutes, announced", n)
	}
	u.write("tu", "24/11/2026")
	u.click("form.filters button", "Lọc", ".empty")
	u.click("form.filters a", "Bỏ lọc", "main table")
	u.pick("loai", "Quy định")
	u.click("form.filters button", "Lọc", ".empty")
	u.click("main a.btn", "Điểm chứng và khóa", "pre")
	cp, _, err := u.h.desk.Checkpoint(u.t.Context())
	if err != nil {
		u.t.Fatal(err)
	}
	u.reads("main", cp.PaperCode(), fingerprint, u.h.desk.VerifierKey(), "Tự kiểm")
	u.leave()
}

// pathRegulations: the library on a day, two documents side by side, a value
// of the province's own, and an unverified rule attested by two keepers.
func pathRegulations(u *clerk) {
	u.enter("quydinh1")
	u.click(".side a", "Quy định", ".facts")
	u.press(".asof summary", "")
	u.press("#asof-day", "")
	u.keys("1/1/2020")
	u.click(".asof button", "Xem theo ngày này", ".asof-note")
	u.reads("main", "tình hình ngày 1/1/2020", "244-QĐ/TW")
	if strings.Contains(u.text("main"), "190-QĐ/TW") {
		u.t.Error("the library of 2020 lists a document of 2024")
	}
	u.click(".asof-note a", "Trở về hôm nay", ".facts")
	u.reads("main", "190-QĐ/TW")

	u.click("main a.btn", "So sánh hai bản", `select[name="a"]`)
	u.pick("a", "244-QĐ/TW · bản 2014 ·")
	u.pick("b", "190-QĐ/TW · bản 2024 ·")
	u.click("form.filters button", "So sánh", ".change")
	u.reads("main", "Quy chế bầu cử trong Đảng", "thêm", "đổi", "bỏ")
	if n := u.count(".change"); n < 5 {
		u.t.Errorf("%d differences between 244 and 190", n)
	}

	u.click(".side a", "Quy định", ".facts")
	u.click("main a.btn", "Đặt lại một tham số", `select[name="doc"]`)
	u.pick("doc", "85/2015/QH13")
	u.click("form.filters button", "Chọn văn bản", `select[name="parameter"]`)
	u.pick("parameter", "Tỷ lệ phiếu phải vượt để trúng cử (hiện là 1/2")
	for _, x := range [][2]string{{"value", "60%"}, {"article", "Điều 1"}, {"from", "1/12/2026"}, {"number", "15-QĐ/TU"}, {"date", "20/11/2026"}, {"title", "Về tỷ lệ trúng cử (thử)"}} {
		u.write(x[0], x[1])
	}
	u.click("main button", "Viết tệp và xem trước", "#xem-truoc")
	u.reads("#xem-truoc", "tệp đúng", "60/100", "85/2015/QH13")
	u.click("main button", "Ghi vào thư viện", ".note.yes")
	u.click(".side a", "Quy định", ".facts")
	u.press(`main input[name="tat-ca"]`, "")
	u.click("form.filters button", "", ".facts")
	u.reads("main", "Quy định riêng của tỉnh", "15-QĐ/TU", "cụ thể hóa 85/2015/QH13")

	e, it := u.h.doubtful()
	u.click(".facts a", "", "article.item")
	u.isAt("/quy-dinh/ra-soat")
	u.click("article.item h3 a", it.Title.VI, ".readings")
	u.click("main a.btn", "Đối chiếu với văn bản đã ký", `input[name="choice"]`)
	scan := filepath.Join(u.t.TempDir(), "trang-9.png")
	if err := os.WriteFile(scan, scanPage(30), 0o600); err != nil {
		u.t.Fatal(err)
	}
	u.press("label.choice", it.Readings[0].Says.VI)
	u.write("page", "trang 9")
	u.write("note", "Bản sao y số 3, lưu tại văn thư Ban")
	run(u.t, u.ctx, "choose the scan", chromedp.SetUploadFiles(chromedp.CSS(`input[name="scan_file"]`), []string{scan}))
	u.click("main button", "Ghi và chuyển người thứ hai", "img.scan")
	u.leave()
	u.enter("quydinh2")
	u.click("main table a", it.Title.VI, "img.scan")
	u.press("label.choice", it.Readings[0].Says.VI)
	u.click("main button", "Xác nhận", ".note.yes")
	if at, ok := u.h.rules().Attested(e, it.ID); !ok || at.Choice != it.Readings[0].ID {
		u.t.Errorf("%s is not attested: %v %v", it.ID, at, ok)
	}
	u.leave()
	u.isAt("/dang-nhap")
}

// TestPathWithoutScript: logging in, entering and correcting need no script,
// and the forms fit a phone.
func TestPathWithoutScript(t *testing.T) {
	u := electionHouse(t).clerk(t)
	u.script(false)
	u.enter("canbo")
	if u.count("[data-live]") > 0 || ask[bool](t, u.ctx, "script", `typeof htmx!=='undefined'`) {
		t.Error("the page ran script")
	}
	u.click(`main a[href="/bau-cu/su-kien/qh15"]`, "", "#danh-sach")
	u.click("main .head a", "Nhập một cuộc bầu", `input[name="title"]`)
	u.onPhone("form of a contest")
	u.typeContest("9")
	u.click("button", "Thêm dòng", `input[name="candidates[9].name"]`)
	u.click(".end button", record, ".note.yes")
	const contest = "/bau-cu/cuoc/qh15/thu-nghiem/9"
	u.isAt(contest)
	u.reads(".bars", "Nguyễn Văn Thử 8.000 80,00%", "Phạm Bốn 1.200")
	u.onPhone("contest")
	u.click("main a.btn", "Đính chính", `textarea[name="reason"]`)
	u.onPhone("correction")
	u.write("candidates[3].votes", "1.300")
	u.write("reason", " ")
	u.click(".end button", "Ghi đính chính", ".problem")
	u.reads("main", "Hãy ghi lý do đính chính")
	u.onPhone("correction with a problem")
	u.write("reason", "Cộng sót tổ bầu cử số 3")
	u.click(".end button", "Ghi đính chính", ".note.yes")
	u.isAt(contest)
	u.reads("main", "1.300", "Cộng sót tổ bầu cử số 3")
	u.leave()
}

// onPhone looks at the page at hand in the width of a phone.
func (u *clerk) onPhone(name string) {
	u.t.Helper()
	run(u.t, u.ctx, "phone", size(phone))
	noOverflow(u.t, u.ctx, name)
	run(u.t, u.ctx, "desk", size(wide))
}
