package web

import (
	"archive/zip"
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/meeting"
	"minhbach/internal/procedure"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
)

// TestLacksAndScans: one page says what is missing in a case and what runs out
// when, another says it of every running case; the office's tables give who is
// summoned and how long full minutes may take; a scan is sent with the signed
// paper, kept encrypted, seen by whom it may be, and erased.
func TestLacksAndScans(t *testing.T) {
	h := electionHouse(t)
	v := h.as("canbo")
	const id = "truong-ban-2024"
	running := procedurePath(id)
	v.get(running+"/con-thieu").is(200).says("Làm xong quy trình", "19/7/2024", "còn 25 ngày làm việc theo ngày mẫu 14/6/2024", "Bước 2: chưa ghi nhận biên bản đã ký")
	v.get(running).is(200).says("Xem cả", "Đưa người ngoài danh sách")
	v.get("/quy-trinh/con-thieu").is(200).says("1 hồ sơ đang làm", "Phó Trưởng ban, Ban Tổ chức Tỉnh ủy (mẫu)", "Làm xong quy trình")
	if p := h.as("kiemtra").get("/quy-trinh/con-thieu"); strings.Contains(p.text(), "Phó Trưởng ban") {
		t.Error("the page tells of a case to one who may not read it")
	}

	// The office's tables.
	v.submit("/quy-trinh/bang?bang=minutes-limit", "", form("from", "1/1/2024", "rows", "mọi\tmọi\tHội nghị tập thể lãnh đạo mở rộng\tx")).is(http.StatusUnprocessableEntity)
	h.do("canbo", procedure.SetTable{Table: procedure.MinutesLimit, From: vn.MustDate("2024-01-01"), Rows: []procedure.TableRow{{Days: 9}, {Body: string(meeting.EnlargedMeeting), Days: 3}}})
	h.do("canbo", procedure.SetTable{Table: procedure.Participation, From: vn.MustDate("2024-01-01"), Rows: []procedure.TableRow{{Body: string(meeting.EnlargedMeeting), Summons: rule.Words{VI: "Lãnh đạo ban và trưởng phòng", EN: "Heads"}}}})
	v.get("/quy-trinh/bang?bang=minutes-limit").is(200).says("Hạn biên bản đầy đủ", "Số ngày làm việc", "9")
	v.get(running).is(200).says("triệu tập: Lãnh đạo ban và trưởng phòng")
	v.get(running+"/con-thieu").is(200).says("Bước 2: chưa có biên bản hội nghị đầy đủ", "17/6/2024", "Hạn biên bản đầy đủ")

	// A scan with the signed paper: what is no scan is refused and nothing lost.
	pdf := v.get(running + "/dien-bien.pdf").is(200).body
	sign := running + "/lam/ban-ky"
	send := func(content []byte) *answer {
		return v.sendTemplate(sign, content, map[string]string{"kind": "biên bản kiểm phiếu", "buoc": "2", "date": "12/6/2024", "where": "tủ 3", "signers": "Phạm Đức Long"})
	}
	send([]byte("#!/bin/sh\n")).is(http.StatusUnprocessableEntity).says("Bản quét")
	send(pdf).is(http.StatusSeeOther)
	entry := h.entryOf(t, id, "paper-signed")
	scan := running + "/ban-quet/" + entry
	if got := v.get(scan).is(200); !bytes.Equal(got.body, pdf) {
		t.Errorf("the scan comes back as %q", got.body)
	}
	v.get(running + "/muc-luc").is(200).says("Xem bản quét")
	h.as("lanhdao").get(scan).is(http.StatusNotFound)

	// The scan leaves with the case for who ticks it, and stays for who does not.
	export := func(hide ...string) []byte {
		f := form("purpose", "upper-level", "reason", "trình cấp trên")
		for _, k := range exportClasses {
			f["che-"+string(k)] = nil
		}
		for _, k := range hide {
			f.Set("che-"+k, "on")
		}
		return v.submit(running+"/kiem-chung", running+"/xuat", f).is(200).body
	}
	for _, hide := range []string{"letters", "scans"} {
		packed := export(hide)
		z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(z, "files/"+entry+"/scan")
		if left := errors.Is(err, fs.ErrNotExist); left != (hide == "scans") || !left && !bytes.Equal(got, pdf) {
			t.Errorf("withholding %s: the scan in the bundle: %d bytes, %v", hide, len(got), err)
		}
	}

	// Full minutes follow; the scan is erased with its name.
	v.submit(sign, "", form("kind", "biên bản hội nghị", "buoc", "2", "full", "on", "date", "13/6/2024", "where", "tủ 3", "signers", "Phạm Đức Long")).is(http.StatusSeeOther)
	if p := v.get(running + "/con-thieu").is(200); strings.Contains(p.text(), "Bước 2") {
		t.Error("papers of step 2 are still said to be missing")
	}
	n, err := strconv.ParseInt(entry, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	h.do("lanhdao", desk.EraseBlockAct{Index: n, Block: "words", Decision: "1-QĐ 2026"})
	v.get(scan).is(http.StatusNotFound)
	v.get(running).is(200).says("bản quét đã xóa")
	if err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		files, _, err := vault.Count(t.Context(), tx)
		if files != 0 {
			t.Errorf("%d files are left in the vault", files)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
