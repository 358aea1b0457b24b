package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/scan"
)

// BallotReadCmd reads scanned ballots by their layout: one reading a ballot
// out, in the order scanned. It only proposes.
type BallotReadCmd struct {
	Layout []string `help:"Tệp bố cục (ballots.layout.json); lặp lại khi một xấp lẫn nhiều cuộc bầu. (Layout file; repeat for a pile of several contests.)" required:"" placeholder:"FILE"`
	Out    string   `help:"Ghi kết quả vào tệp này, chỉ hiện ra khi xong toàn bộ. (Write the readings to this file, in place only at the end.)" placeholder:"readings.jsonl"`
	Duplex bool     `help:"Máy quét chụp cả hai mặt của phiếu một mặt. (The scanner took both sides of one-sided ballots.)"`
	Rules  string   `help:"Thư mục quy định đặt chồng lên quy định có sẵn. (A folder of regulations over the built-in ones.)" placeholder:"DIR"`
	Files  []string `arg:"" help:"Ảnh quét: PNG, JPEG, TIFF, PDF, theo thứ tự. (Scans, in order.)" placeholder:"FILE"`
}

// Run reads. A file that is no scan is bad input; a page that cannot be read is
// a refused ballot in the result.
func (c *BallotReadCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	var layouts []*paper.Layout
	books := map[string]*rule.Book{}
	byDigest := map[string]*paper.Layout{}
	for _, name := range c.Layout {
		name, data, err := readWhole(s, name, paper.MaxLayout)
		if err != nil {
			return err
		}
		l, err := paper.ParseLayout(data)
		if err != nil {
			return fieldMessage(name, err)
		}
		if byDigest[l.Digest] != nil {
			return badInput("%s: bố cục này đã nêu một lần rồi (the layout is named twice)", name)
		}
		book, err := lib.For(l.Rules, l.Date)
		if err != nil {
			return badInput("%s: trường rules: không có quy định cho %s ngày %s (field rules: %v)", name, l.Rules, l.Date.Vietnamese(), err)
		}
		layouts, byDigest[l.Digest], books[l.Digest] = append(layouts, l), l, book
	}
	for _, f := range c.Files { // before the long work
		if st, err := os.Stat(f); err != nil || st.IsDir() {
			return badInput("%s: không mở được tệp (cannot open the file)", f)
		}
	}
	reader, err := paper.NewReader(layouts...)
	if err != nil {
		return fieldMessage("bố cục (layout)", err)
	}
	run := func(w io.Writer) error {
		out := bufio.NewWriter(w)
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		err := readBallots(context.Background(), reader, c.Duplex, c.Files, func(r *paper.Reading) error {
			if l := byDigest[r.Digest]; l != nil {
				if err := paper.Propose(books[r.Digest], l, r); err != nil {
					return err
				}
			}
			return enc.Encode(r)
		})
		return errors.Join(err, out.Flush())
	}
	if c.Out == "" {
		return run(s.out)
	}
	return writeFile(c.Out, 0o644, run)
}

// readBallots reads the files in order and hands the ballots on in the order
// scanned; see scan.Pile. What is wrong with a file as a whole is bad input.
func readBallots(ctx context.Context, reader *paper.Reader, duplex bool, names []string, each func(*paper.Reading) error) error {
	counts, files := make([]int, len(names)), make([]scan.File, len(names))
	for i, name := range names {
		files[i].Open = func() (io.ReaderAt, int64, func(), error) { return openScan(name) }
		var err error
		if counts[i], err = countPages(name); err != nil {
			return err
		}
	}
	odd := paper.OddRuns(counts)
	binder := paper.NewBinder(reader, duplex)
	hand := func(rs []*paper.Reading) error {
		for _, r := range rs {
			if err := each(r); err != nil {
				return err
			}
		}
		return nil
	}
	err := scan.Pile(ctx, files, scan.Default,
		func(_ int, p *scan.Page) (*paper.Side, error) { return reader.ReadSide(p.Gray, p.DPI), nil },
		func(s scan.Seen[*paper.Side]) error {
			if s.Page == 0 {
				return noScan(names[s.File], s.Problem)
			}
			shot := paper.Shot{SideRef: paper.SideRef{File: names[s.File], Page: s.Page}, Of: counts[s.File], Odd: odd[s.File], Side: s.Value}
			if p := s.Problem; p != nil {
				shot.Problem = &paper.Reason{Code: "unreadable", VI: p.VI, EN: p.EN}
			}
			return hand(binder.Add(shot))
		})
	if err != nil {
		return err
	}
	return hand(binder.End())
}

// openScan opens one file of scans.
func openScan(name string) (io.ReaderAt, int64, func(), error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, nil, badInput("%s: không mở được tệp: %v (cannot open the file)", name, err)
	}
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, nil, badInput("%s: không đọc được: %v (cannot read)", name, err)
	}
	return f, st.Size(), func() { f.Close() }, nil
}

// countPages is how many pages a file has, without opening their pictures.
func countPages(name string) (int, error) {
	f, size, done, err := openScan(name)
	if err != nil {
		return 0, err
	}
	defer done()
	n, err := scan.Count(f, size, scan.Default)
	var p *scan.Problem
	if errors.As(err, &p) {
		return 0, noScan(name, p)
	}
	return n, err
}

func noScan(name string, p *scan.Problem) error {
	return badInput("%s: %s (%s)", name, p.VI, p.Error())
}

// BallotTallyCmd adds up readings into the contest record.
type BallotTallyCmd struct {
	Contest   string `help:"Tệp bản ghi cuộc bầu cử. (The contest record.)" required:"" placeholder:"CONTEST.json"`
	Decisions string `help:"Quyết định của ban kiểm phiếu về phiếu nghi vấn, mỗi dòng một phiếu. (Decisions on doubtful ballots, one a line.)" placeholder:"FILE"`
	Out       string `help:"Ghi bản ghi vào tệp này. (Write the record to this file.)" placeholder:"FILE"`
	Rules     string `help:"Thư mục quy định đặt chồng lên quy định có sẵn. (A folder of regulations over the built-in ones.)" placeholder:"DIR"`
	Readings  string `arg:"" help:"Tệp kết quả đọc phiếu. (The readings.)" placeholder:"readings.jsonl"`
}

// Run tallies. It stops, with nothing written, while a doubtful or refused
// ballot has no decision.
func (c *BallotTallyCmd) Run(s *streams) error {
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	name, data, err := readWhole(s, c.Contest, 4<<20)
	if err != nil {
		return err
	}
	rec, opt, err := paper.ParseContest(data)
	if err != nil {
		return fieldMessage(name, err)
	}
	book, err := lib.For(rec.Rules, rec.Date)
	if err != nil {
		return badInput("%s: trường rules: không có quy định cho %s ngày %s (field rules: %v)", name, rec.Rules, rec.Date.Vietnamese(), err)
	}
	t, err := paper.NewTally(rec, opt, book)
	if err != nil {
		return fieldMessage(name, err)
	}
	lines := func(path string, line func([]byte) error) error {
		name, in := path, s.in
		if path != "-" {
			f, err := os.Open(path)
			if err != nil {
				return badInput("%s: không mở được tệp: %v (cannot open the file)", path, err)
			}
			defer f.Close()
			in = f
		}
		sc := bufio.NewScanner(in)
		sc.Buffer(make([]byte, 1<<16), 4<<20)
		for n := 1; sc.Scan(); n++ {
			if len(sc.Bytes()) == 0 {
				continue
			}
			if err := line(sc.Bytes()); err != nil {
				return fieldMessage(fmt.Sprintf("%s: dòng (line) %d", name, n), err)
			}
		}
		if err := sc.Err(); err != nil {
			return badInput("%s: %v", name, err)
		}
		return nil
	}
	if c.Decisions != "" {
		if err := lines(c.Decisions, t.Decide); err != nil {
			return err
		}
	}
	if err := lines(c.Readings, t.Add); err != nil {
		return err
	}
	if open := t.Open(); len(open) > 0 {
		return badInput("còn %d phiếu chưa có quyết định của ban kiểm phiếu, phiếu số %v (%d ballots wait for a decision)", len(open), open[:min(len(open), 20)], len(open))
	}
	out, err := t.Record(data)
	if err != nil {
		return fieldMessage(name, err)
	}
	out = append(slices.Clip(out), '\n')
	if c.Out == "" {
		_, err := s.out.Write(out)
		return err
	}
	return writeFile(c.Out, 0o644, func(w io.Writer) error { _, err := w.Write(out); return err })
}
