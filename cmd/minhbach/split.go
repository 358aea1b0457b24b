package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"minhbach/internal/vote"
)

// splitter cuts a stream into contest records. A record is one JSON object; it
// usually stands on a line of its own, but one written over several lines is
// read too. Nothing else may stand on its last line.
type splitter struct {
	r    *bufio.Reader
	line int // of the byte read last, from 1
	rec  []byte
}

func newSplitter(r io.Reader) *splitter {
	return &splitter{r: bufio.NewReaderSize(r, 1<<18), line: 1}
}

// inputProblem is bad input before any field was read.
type inputProblem struct {
	line   int
	vi, en string
}

func (p *inputProblem) Error() string { return p.en }

// next gives the next record and the line it begins on; the bytes are valid
// until the following call. io.EOF ends the stream.
func (s *splitter) next() (rec []byte, line int, err error) {
	c, err := s.skipSpace(true)
	if err != nil {
		return nil, 0, err
	}
	line = s.line
	if c != '{' {
		return nil, line, &inputProblem{line, "mỗi dòng phải là một bản ghi JSON, bắt đầu bằng {", "each line must be one JSON record, beginning with {"}
	}
	s.rec = s.rec[:0]
	depth, inString, escaped := 0, false, false
	for {
		chunk, err := s.r.Peek(max(1, s.r.Buffered()))
		if len(chunk) == 0 {
			if err == nil || errors.Is(err, io.EOF) {
				return nil, line, &inputProblem{line, "bản ghi bị cụt: thiếu dấu } ở cuối", "the record is cut off: its closing } is missing"}
			}
			return nil, line, err
		}
		for i, b := range chunk {
			switch {
			case b == '\n':
				s.line++
			case escaped:
				escaped = false
				continue
			case inString:
				if b == '\\' {
					escaped = true
				} else if b == '"' {
					inString = false
				}
				continue
			case b == '"':
				inString = true
			case b == '{' || b == '[':
				depth++
			case b == '}' || b == ']':
				depth--
			}
			if depth == 0 && !inString {
				s.rec = append(s.rec, chunk[:i+1]...)
				if _, err := s.r.Discard(i + 1); err != nil {
					return nil, line, err
				}
				return s.rec, line, s.restOfLine()
			}
		}
		if len(s.rec)+len(chunk) > vote.MaxRecord {
			return nil, line, &inputProblem{line, fmt.Sprintf("bản ghi dài quá %d byte", vote.MaxRecord), fmt.Sprintf("the record is longer than %d bytes", vote.MaxRecord)}
		}
		s.rec = append(s.rec, chunk...)
		if _, err := s.r.Discard(len(chunk)); err != nil {
			return nil, line, err
		}
	}
}

// skipSpace looks at the next byte that is no white space, without taking it.
func (s *splitter) skipSpace(overLines bool) (byte, error) {
	for {
		b, err := s.r.Peek(1)
		if err != nil {
			return 0, err
		}
		switch b[0] {
		case '\n':
			if !overLines {
				return '\n', nil
			}
			s.line++
		case ' ', '\t', '\r':
		case 0xEF: // a byte order mark that some editors write at the start
			if m, _ := s.r.Peek(3); s.line == 1 && len(m) == 3 && m[1] == 0xBB && m[2] == 0xBF {
				if _, err := s.r.Discard(2); err != nil {
					return 0, err
				}
			} else {
				return b[0], nil
			}
		default:
			return b[0], nil
		}
		if _, err := s.r.Discard(1); err != nil {
			return 0, err
		}
	}
}

// restOfLine refuses anything after a record on its line. It does not wait for
// a line that has not come yet: records typed by hand are answered at once.
func (s *splitter) restOfLine() error {
	if s.r.Buffered() == 0 {
		return nil
	}
	c, err := s.skipSpace(false)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil && c == '\n' {
		s.line++
		_, err = s.r.Discard(1)
		return err
	}
	if err != nil {
		return err
	}
	return &inputProblem{s.line, "sau bản ghi còn có nội dung thừa trên cùng dòng", "there is more after the record on its line"}
}

// waiting says that the next record may have to be waited for.
func (s *splitter) waiting() bool { return s.r.Buffered() == 0 }
