package main

import (
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// TestServeNotesTheReadLog: told to stop, the server puts the head of the read
// log into the ledger; cut afterwards in the database file, the log is found
// so by the next start.
func TestServeNotesTheReadLog(t *testing.T) {
	t.Parallel()
	dir := sampleFolder(t)
	const reads = "/nhat-ky/luot-xem"
	s := serve(t, with(inFolder(dir), "--demo")...)
	officer := s.as("canbo")
	officer.sees("/can-bo/vu-thi-thu", "Vũ Thị Thu")
	officer.sees("/can-bo/hoang-van-tu", "Hoàng Văn Tú")
	s.as("kiemtra").sees(reads, "Chưa chốt mốc nào")
	s.stop()
	s = serve(t, with(inFolder(dir), "--demo")...)
	s.as("kiemtra").sees(reads, "Mốc gần nhất: 4 lượt xem", "toàn bộ chuỗi băm nguyên vẹn; khớp 1 mốc đã chốt")
	s.as("kiemtra").sees("/nhat-ky?"+url.Values{"loai": {"account."}}.Encode(), "Chốt mốc nhật ký xem")
	s.stop()
	succeed(t, with(inFolder(dir), "rebuild", "--check")...)
	byHand(t, "sqlite:"+filepath.Join(dir, "minhbach.db"), `DELETE FROM op_read_log WHERE seq > 1`)
	s = serve(t, with(inFolder(dir), "--demo")...)
	s.as("kiemtra").sees(reads, "Nhật ký xem đã bị cắt bớt", "trong khi Nhật ký chứng thực đã chốt 4")
	s.stop()
	if !strings.Contains(s.said.String(), "the read log was cut") {
		t.Errorf("the server's log does not say it:\n%s", s.said)
	}
}
