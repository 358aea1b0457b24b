package paper_test

import (
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"
)

// measureLog is what a measure has come to so far. With MINHBACH_BALLOT_LOG it
// stands in a file, a line a pass, written as soon as the pass is over: a measure
// that was ended leaves its totals, and goes on behind them when the same program
// is started again with the same seed and number of positions.
type measureLog struct {
	done      int // passes
	scores    []score
	took, cpu time.Duration
	file      string
	head      measureHead
}

// measureHead says what a line belongs to.
type measureHead struct {
	Program         string // digest of the program that measured
	Seed, Positions int
}

// measureLine is one pass.
type measureLine struct {
	measureHead
	Pass                        int // from 1
	TookMS, CPUMS               int64
	Names, Wrong, Sent, Refused int // of all passes so far
	Runs                        []measureScore
}

type measureScore struct {
	Sheets, Refused, Lost, Names, Wrong, Sent, Odd, OddSent, Gone, Missed, Outside, Alarm int
	Reasons                                                                               map[string]int     `json:",omitempty"`
	By                                                                                    map[string]*[4]int `json:",omitempty"`
	Examples                                                                              []string           `json:",omitempty"`
}

func (s *score) out() measureScore {
	return measureScore{s.sheets, s.refused, s.lost, s.names, s.wrong, s.sent, s.odd, s.oddSent, s.gone, s.missed, s.outside, s.alarm, s.reasons, s.by, s.examples}
}

func (m *measureScore) in() *score {
	return &score{sheets: m.Sheets, refused: m.Refused, lost: m.Lost, names: m.Names, wrong: m.Wrong, sent: m.Sent, odd: m.Odd, oddSent: m.OddSent, gone: m.Gone,
		missed: m.Missed, outside: m.Outside, alarm: m.Alarm, reasons: m.Reasons, by: m.By, examples: m.Examples}
}

func openMeasureLog(t *testing.T, runs, passes int) *measureLog {
	t.Helper()
	l := &measureLog{scores: make([]score, runs), file: os.Getenv("MINHBACH_BALLOT_LOG"), head: measureHead{"", measureSeed(), positions()}}
	if l.file == "" {
		return l
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	l.head.Program = fmt.Sprintf("%x", sha256.Sum256(program))[:16]
	f, err := os.Open(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return l
	} else if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lines, whole := bufio.NewScanner(f), int64(0)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var m measureLine
		if json.Unmarshal(lines.Bytes(), &m) != nil { // cut off when the program was ended
			if err := os.Truncate(l.file, whole); err != nil {
				t.Fatal(err)
			}
			break
		}
		whole += int64(len(lines.Bytes())) + 1
		if m.measureHead != l.head || m.Pass != l.done+1 || len(m.Runs) != runs || m.Pass > passes {
			t.Fatalf("%s is of another measure (%+v, pass %d): move it away or ask for that one", l.file, m.measureHead, m.Pass)
		}
		l.take(&m)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return l
}

// take adds a pass.
func (l *measureLog) take(m *measureLine) {
	for i := range m.Runs {
		l.scores[i].add(m.Runs[i].in())
	}
	l.done, l.took, l.cpu = m.Pass, l.took+time.Duration(m.TookMS)*time.Millisecond, l.cpu+time.Duration(m.CPUMS)*time.Millisecond
}

// add adds a pass, writes its line and says the totals.
func (l *measureLog) add(t *testing.T, scores []score, took, cpu time.Duration) {
	t.Helper()
	m := measureLine{measureHead: l.head, Pass: l.done + 1, TookMS: took.Milliseconds(), CPUMS: cpu.Milliseconds()}
	for i := range scores {
		m.Runs = append(m.Runs, scores[i].out())
	}
	l.take(&m)
	if l.file == "" {
		return
	}
	for i := range l.scores {
		s := &l.scores[i]
		m.Names, m.Wrong, m.Sent, m.Refused = m.Names+s.names, m.Wrong+s.wrong, m.Sent+s.sent, m.Refused+s.refused
	}
	line, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(l.file, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(append(line, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("pass %d: %d names, %d wrong (bound 95%%: 1 in %d), %d sent to a person, %d sheets refused; %v, %v on a core\n",
		m.Pass, m.Names, m.Wrong, int(1/upper(m.Wrong, m.Names)), m.Sent, m.Refused, l.took.Round(time.Second), l.cpu.Round(time.Second))
}
