// Package demo fills a new database with a sample province, so that the
// program shows what it does from its first minute: the real election of
// 23/5/2021 for the XV National Assembly (published figures only), and an
// invented province with invented organisations, persons and contests of the
// Party, every one of them marked as sample.
package demo

import (
	"crypto/sha256"
	"embed"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"

	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/vn"
	"minhbach/internal/vote"
)

//go:embed data/*.csv
var data embed.FS

// QH15 is the id of the event of 23/5/2021.
const QH15 = "qh15"

var dataset = election.Source{How: "published", File: "qh15_2021_results.csv", Publisher: "Vietnam Elections dataset by Bamboo Filing Cabinet", Licence: "CC-BY 4.0",
	Note: rule.Words{VI: "Kết quả chính thức, theo bộ dữ liệu công khai.", EN: "The official result, as compiled in a public dataset."}}

// QH15Event is the National Assembly election of 23/5/2021 with the totals
// published at the time.
func QH15Event() election.OpenEvent {
	return election.OpenEvent{ID: QH15, Kind: "national-assembly", Date: vn.Date{Year: 2021, Month: 5, Day: 23},
		Title: rule.Words{VI: "Bầu cử đại biểu Quốc hội khóa XV", EN: "Election of deputies to the XV National Assembly"},
		Official: &election.Official{
			Source: "CEMA 11/06/2021 (web.archive.org/web/20250221194402/http://www.cema.gov.vn/bau-cu-QH-HDND/cong-bo-danh-sach-499-nguoi-trung-cu-dai-bieu-quoc-hoi-khoa-xv.htm), github.com/VietThan/vietnam-elections",
			Figures: []election.OfficialTotal{
				{Key: "seats", Value: 500},
				{Key: "candidates", Value: 866, Note: rule.Words{VI: "danh sách chính thức có 868 người; hai người rút trước ngày bầu cử", EN: "868 on the official list; two withdrew before polling day"}},
				{Key: "elected", Value: 500, Note: rule.Words{VI: "499 người được xác nhận tư cách: một người ở Bình Dương, đơn vị số 1 không được xác nhận", EN: "499 confirmed: the status of one, in Bình Dương unit 1, was not"}},
				{Key: "listed", Value: 69_523_133},
				{Key: "voted", Value: 69_243_604},
				{Key: "valid", Value: 68_650_890},
				{Key: "invalid", Value: 539_652, Note: rule.Words{VI: "hợp lệ cộng không hợp lệ ít hơn số người đã bỏ phiếu 53.062", EN: "valid and invalid together are 53,062 below those who voted"}},
			}}}
}

func rows(name string, want ...string) ([]map[string]string, error) {
	f, err := data.Open("data/" + name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return nil, err
	}
	var out []map[string]string
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("demo: %s: %w", name, err)
		}
		m := map[string]string{}
		for i, h := range head {
			m[h] = row[i]
		}
		out = append(out, m)
	}
	for _, w := range want {
		if _, ok := out[0][w]; !ok {
			return nil, fmt.Errorf("demo: %s has no column %s", name, w)
		}
	}
	return out, nil
}

// provinces gives the official spelling of 2021 by key: "Tỉnh Đắk Nông".
func provinces() (map[string]string, error) {
	rs, err := rows("provinces_2021.csv", "kind", "name")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, r := range rs {
		out[vn.ProvinceKey(r["name"])] = vn.NormalizeName(r["kind"] + " " + r["name"])
	}
	return out, nil
}

// QH15Contests are the 184 constituencies with their 866 candidates. Valid
// ballots are the middle of the interval that the published percentages leave,
// and are marked so.
func QH15Contests() ([]election.Contest, error) {
	names, err := provinces()
	if err != nil {
		return nil, err
	}
	units, err := rows("qh15_2021_constituencies.csv", "province", "unit_no", "seats", "implied_valid_min", "implied_valid_max", "area")
	if err != nil {
		return nil, err
	}
	results, err := rows("qh15_2021_results.csv", "province", "unit_no", "title", "candidate", "votes")
	if err != nil {
		return nil, err
	}
	var out []election.Contest
	at := map[string]int{}
	for _, u := range units {
		c, err := unit(u, names)
		if err != nil {
			return nil, err
		}
		at[u["province"]+"|"+u["unit_no"]] = len(out)
		out = append(out, c)
	}
	for _, r := range results {
		i, ok := at[r["province"]+"|"+r["unit_no"]]
		if !ok {
			return nil, fmt.Errorf("demo: no constituency for %s %s", r["province"], r["unit_no"])
		}
		votes, err := strconv.ParseInt(r["votes"], 10, 64)
		if err != nil {
			return nil, fmt.Errorf("demo: %s: votes %w", r["candidate"], err)
		}
		rec := out[i].Record
		id := fmt.Sprintf("c%d", len(rec.Candidates)+1)
		rec.Candidates = append(rec.Candidates, vote.Candidate{ID: id, Name: r["candidate"]})
		rec.Votes[id] = votes
		out[i].Titles[id] = r["title"]
	}
	return out, nil
}

func unit(u map[string]string, names map[string]string) (election.Contest, error) {
	place, ok := names[vn.ProvinceKey(u["province"])]
	if !ok {
		return election.Contest{}, fmt.Errorf("demo: province %q is not among the 63 of 2021", u["province"])
	}
	var n [4]int64
	for i, col := range []string{"unit_no", "seats", "implied_valid_min", "implied_valid_max"} {
		v, err := strconv.ParseInt(u[col], 10, 64)
		if err != nil {
			return election.Contest{}, fmt.Errorf("demo: %s %s: %s: %w", u["province"], u["unit_no"], col, err)
		}
		n[i] = v
	}
	seats, valid := n[1], (n[2]+n[3])/2
	src := dataset
	src.Derived = []election.Derived{{Field: "record.ballots.valid", Low: n[2], High: n[3], Says: rule.Words{
		VI: fmt.Sprintf("Nguồn không công bố số phiếu hợp lệ; tỷ lệ đã công bố chỉ cho khoảng %s – %s. Số ghi ở đây là điểm giữa.", vn.Thousands(n[2]), vn.Thousands(n[3])),
		EN: fmt.Sprintf("The source does not publish valid ballots; the published percentages leave only the interval %d to %d. The figure recorded is its middle.", n[2], n[3])}}}
	return election.Contest{Place: place, Unit: int(n[0]), Area: u["area"], Titles: map[string]string{}, Source: src,
		Title: rule.Words{VI: fmt.Sprintf("Đơn vị bầu cử số %d", n[0]), EN: fmt.Sprintf("Constituency %d", n[0])},
		Record: &vote.Record{ID: election.NewContestID(QH15, place, int(n[0]), ""), Rules: "state-election/qh", Date: vn.Date{Year: 2021, Month: 5, Day: 23},
			Seats: &seats, Ballots: vote.Ballots{Valid: &valid}, Votes: map[string]int64{}}}, nil
}

// fileDigest is the sha256 of an embedded file.
func fileDigest(name string) string {
	raw, err := data.ReadFile("data/" + name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
