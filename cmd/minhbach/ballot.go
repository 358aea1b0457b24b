package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"minhbach/internal/document"
	"minhbach/internal/paper"
	"minhbach/internal/rule"
	"minhbach/internal/vote"
)

// BallotCmd is the paper ballot from print to tally, without server or network.
type BallotCmd struct {
	Print BallotPrintCmd `cmd:"" help:"In phiếu bầu từ bản ghi cuộc bầu cử: PDF và tệp bố cục. (Print ballots: PDF and layout.)"`
	Read  BallotReadCmd  `cmd:"" help:"Đọc phiếu đã quét theo bố cục: mỗi phiếu một dòng đề xuất. (Read scanned ballots: one proposal a line.)"`
	Tally BallotTallyCmd `cmd:"" help:"Cộng kết quả đọc phiếu và quyết định vào bản ghi cuộc bầu cử. (Add readings and decisions up into the contest record.)"`
}

// BallotPrintCmd sets the ballot of one contest and writes as many copies as
// asked for, with the layout that reads them again.
type BallotPrintCmd struct {
	Contest string `arg:"" help:"Tệp bản ghi cuộc bầu cử (JSON), có thể có trường \"ballot\"; \"-\" đọc từ đầu vào chuẩn. (Contest record.)" placeholder:"CONTEST.json"`
	Copies  int    `help:"Số phiếu. (How many ballots.)" default:"1" placeholder:"N"`
	Out     string `help:"Tệp PDF; bố cục nằm cạnh, cùng tên, đuôi .layout.json. (The PDF; the layout stands beside it.)" required:"" placeholder:"ballots.pdf"`
	Rules   string `help:"Thư mục quy định đặt chồng lên quy định có sẵn. (A folder of regulations over the built-in ones.)" placeholder:"DIR"`

	HandCountOnly bool `help:"In cả khi máy không đọc lại đúng phiếu; khi đó chỉ kiểm bằng tay. (Print even when read-back fails: count by hand only.)"`
}

// Run prints, after the ballot was read back: filled in every way into memory
// and read right. When it was not, it prints only for hand counting, as asked
// for by name (exit status 1 otherwise). Bad input ends it with exit status 2 and a message naming file
// and field; nothing is written then.
func (c *BallotPrintCmd) Run(s *streams) error {
	if c.Copies < 1 || c.Copies > document.MaxCopies {
		return badInput("--copies: in từ 1 đến %d phiếu một tệp (1 to %d copies a file)", document.MaxCopies, document.MaxCopies)
	}
	if !strings.HasSuffix(strings.ToLower(c.Out), ".pdf") {
		return badInput("--out %s: tên tệp phải kết thúc bằng .pdf (the name must end in .pdf)", c.Out)
	}
	lib, err := library(c.Rules)
	if err != nil {
		return err
	}
	name, data, err := readWhole(s, c.Contest, vote.MaxRecord)
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
	l, err := paper.Design(rec, opt)
	if err != nil {
		return fieldMessage(name, err)
	}
	layout, err := l.JSON()
	if err != nil {
		return err
	}
	for _, n := range paper.Notices(rec, opt, l) {
		field := ""
		if n.Field != "" {
			field = "trường " + n.Field + ": "
		}
		fmt.Fprintf(s.err, "minhbach: %s: lưu ý: %s%s (%s)\n", name, field, n.VI, n.Error())
	}
	if err := c.readBack(s, name, l, book); err != nil {
		return err
	}
	return writeFile(c.Out, 0o644, func(w io.Writer) error {
		if err := document.Ballots(w, l, c.Copies); err != nil {
			return err
		}
		return writeFile(c.Out[:len(c.Out)-len(".pdf")]+".layout.json", 0o644, func(w io.Writer) error {
			_, err := w.Write(layout)
			return err
		})
	})
}

// readBack releases the ballot for reading by the program, or for counting by
// hand only.
func (c *BallotPrintCmd) readBack(s *streams, name string, l *paper.Layout, book *rule.Book) error {
	read, err := paper.SheetReaderFor(l, book)
	if err != nil {
		return err
	}
	back, err := paper.CheckReadBack(l, book, read)
	if err != nil {
		return err
	}
	if back.Released() {
		return nil
	}
	f := back.Failures[0]
	says := fmt.Sprintf("%s: in – đọc lại: %d trong %d tờ thử đọc sai, tờ đầu: %s, phải là %s, đọc ra %s", name, len(back.Failures), back.Tried, f.VI, f.Want, f.Got)
	if !c.HandCountOnly {
		return failed("%s; không cho dùng. Đổi cách in, hoặc thêm --hand-count-only để chỉ kiểm bằng tay (read-back failed: %s; not released, or --hand-count-only)", says, f.EN)
	}
	fmt.Fprintf(s.err, "minhbach: %s; phiếu này CHỈ KIỂM BẰNG TAY (read-back failed: count by hand only)\n", says)
	return nil
}

// readWhole reads a file, or standard input for "-", up to most bytes; a mark
// of byte order at its start is dropped.
func readWhole(s *streams, path string, most int64) (name string, data []byte, err error) {
	name, in := path, s.in
	if path == "-" {
		name = "stdin"
	} else {
		f, err := os.Open(path)
		if err != nil {
			return name, nil, badInput("%s: không mở được tệp: %v (cannot open the file)", path, err)
		}
		defer f.Close()
		in = f
	}
	data, err = io.ReadAll(io.LimitReader(in, most+1))
	switch {
	case err != nil:
		return name, nil, badInput("%s: không đọc được: %v (cannot read)", name, err)
	case int64(len(data)) > most:
		return name, nil, badInput("%s: tệp lớn quá %d byte (the file is larger than %d bytes)", name, most, most)
	}
	return name, bytes.TrimPrefix(data, []byte("\ufeff")), nil
}

// fieldMessage names the file and the field, in both languages.
func fieldMessage(name string, err error) error {
	var ie *paper.InputError
	if !errors.As(err, &ie) {
		return err
	}
	field := ""
	if ie.Field != "" {
		field = "trường " + ie.Field + ": "
	}
	return badInput("%s: %s%s (%s)", name, field, ie.VI, ie.Error())
}
