package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/election"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

type electionUploadData struct {
	Event *election.Event
	Form  *Form
}

var electionUpload = page[electionUploadData]("election_upload")

func (s *Server) electionUploadGet(c *Call) error {
	ev, err := c.eventOf(c.R.PathValue("event"))
	if err != nil {
		return err
	}
	return electionUpload.show(c, electionUploadData{ev, c.BlankForm()})
}

// electionUploadPost stages the file; nothing is recorded before it has been
// looked at and confirmed.
func (s *Server) electionUploadPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	ev, err := c.eventOf(c.R.PathValue("event"))
	if err != nil {
		return err
	}
	id, err := c.stage(f, ev)
	if err == nil {
		return c.Redirect(eventPath(ev.ID) + "/tep/" + id)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return electionUpload.show(c, electionUploadData{ev, f})
}

func (c *Call) stage(f *Form, ev *election.Event) (string, error) {
	file, head, err := c.R.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) || err != nil && file == nil {
		return "", desk.Wrong("file", "Hãy chọn một tệp.", "Choose a file.")
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, election.MaxUpload+1))
	if err != nil {
		return "", err
	}
	if _, err := election.Text(data); err != nil {
		return "", err
	}
	name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(head.Filename, ""), `\`, "/"))
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	return election.Stage(c.Ctx(), c.s.db, c.User.Account, ev.ID, name, data, c.s.clock())
}

type electionImportData struct {
	Event    *election.Event
	Upload   string
	File     string
	Form     *Form
	Table    bool // rows with columns to map, not records
	Columns  []mapColumn
	Headers  []string
	Sample   [][]string
	Kinds    []Option
	Rules    string
	Contests []importRow
	Count    int
	People   int
	Problems []string
	More     int // problems not shown
}

type mapColumn struct {
	election.Column
	Field Field
}

// importRow is one contest of the file with the verdict it would get.
type importRow struct {
	ID, Title string
	Seats     int64
	People    int
	Tag       Tag
}

var electionImport = page[electionImportData]("election_import")

const shownContests, shownProblems = 30, 40

func (s *Server) electionImportGet(c *Call) error {
	d, _, err := c.importData(c.BlankForm())
	if err != nil {
		return err
	}
	return electionImport.show(c, *d)
}

// importData reads the staged file by the mapping in the query and says what
// would be recorded, and what is wrong by line.
func (c *Call) importData(f *Form) (*electionImportData, []election.Contest, error) {
	d := &electionImportData{Upload: c.R.PathValue("upload"), Form: f}
	var contests []election.Contest
	err := c.Read(func(tx *store.Tx) error {
		ev, err := c.event(tx, c.R.PathValue("event"))
		if err != nil {
			return err
		}
		d.Event = ev
		up, err := election.Staged(c.Ctx(), tx, d.Upload, c.User.Account, ev.ID)
		if err != nil {
			return err
		}
		d.File = up.Name
		lib, err := c.s.desk.Rules(c.Ctx(), tx)
		if err != nil {
			return err
		}
		contests, err = d.parse(c, up, lib)
		return err
	})
	return d, contests, err
}

func (d *electionImportData) parse(c *Call, up *election.Upload, lib *rule.Library) ([]election.Contest, error) {
	sum := sha256.Sum256(up.Content)
	def := election.Defaults{Event: *d.Event, Source: election.Source{How: "file", File: up.Name, Digest: hex.EncodeToString(sum[:])}}
	q := c.R.URL.Query()
	for _, k := range kindsOf(d.Event.Kind, lib) {
		if b, err := lib.For(k, d.Event.Date); err == nil {
			d.Kinds = append(d.Kinds, Option{k, c.Words(b.Title)})
		}
	}
	if d.Rules = q.Get("rules"); d.Rules == "" && len(d.Kinds) > 0 {
		d.Rules = d.Kinds[0].Value
	}
	def.Rules = d.Rules
	d.Form.Values.Set("rules", d.Rules)
	var contests []election.Contest
	var problems []election.Problem
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(up.Content, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[') {
		cs, ps, err := election.ParseRecords(up.Content, def)
		if err != nil {
			return nil, c.Fail(d.Form, err)
		}
		contests, problems = cs, ps
	} else {
		t, err := election.ParseTable(up.Content)
		if err != nil {
			return nil, c.Fail(d.Form, err)
		}
		d.Table = true
		m := d.mapping(c, t)
		contests, problems = t.Contests(m, def)
	}
	for _, p := range problems {
		d.problem(p.Text(c.Lang))
	}
	if len(problems) == 0 {
		for _, err := range election.CheckAll(lib, contests) {
			if e, ok := asDeskError(err); ok {
				d.problem(c.Words(e.Says))
			} else {
				return nil, err
			}
		}
	}
	d.list(c, lib, contests)
	return contests, nil
}

func (d *electionImportData) problem(text string) {
	if len(d.Problems) < shownProblems {
		d.Problems = append(d.Problems, text)
	} else {
		d.More++
	}
}

// mapping is the guess, changed by what was chosen.
func (d *electionImportData) mapping(c *Call, t *election.Table) election.Mapping {
	q := c.R.URL.Query()
	m := election.Guess(t.Header)
	d.Headers = t.Header
	d.Sample = t.Rows[:min(len(t.Rows), 5)]
	options := []Option{{"-1", c.T("election.import.notin")}}
	for i, h := range t.Header {
		options = append(options, Option{strconv.Itoa(i), h})
	}
	for _, col := range election.Columns {
		name := "cot-" + col.ID
		if s := q.Get(name); s != "" {
			i, err := strconv.Atoi(s)
			if err != nil || i < 0 || i >= len(t.Header) {
				delete(m, col.ID)
			} else {
				m[col.ID] = i
			}
		}
		v := "-1"
		if i, ok := m[col.ID]; ok {
			v = strconv.Itoa(i)
		}
		d.Form.Values.Set(name, v)
		fd := newField(d.Form, name, c.Words(col.Title))
		fd.Kind, fd.Options, fd.Required = "select", options, col.Required
		d.Columns = append(d.Columns, mapColumn{col, fd})
	}
	return m
}

func (d *electionImportData) list(c *Call, lib *rule.Library, contests []election.Contest) {
	d.Count = len(contests)
	for i, con := range contests {
		d.People += len(con.Record.Candidates)
		if i >= shownContests {
			continue
		}
		row := importRow{ID: con.Record.ID, Title: contestTitle(c.Lang, con.Place, con.Title), People: len(con.Record.Candidates)}
		if con.Record.Seats != nil {
			row.Seats = *con.Record.Seats
		}
		if res, err := con.Check(lib); err == nil {
			row.Tag = statusTag(c.Lang, string(res.Status))
		} else {
			row.Tag = Tag{"stop", c.T("election.import.bad")}
		}
		d.Contests = append(d.Contests, row)
	}
}

// electionImportPost records the file as previewed. The mapping stands in the
// address, as in the preview.
func (s *Server) electionImportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	posted := *f
	d, contests, err := c.importData(f)
	if err != nil {
		return err
	}
	if f.Problem == nil && len(d.Problems) == 0 {
		src := contests[0].Source
		err := election.Import(c.Ctx(), s.desk, posted.ID, c.User.Account, d.Event.ID, d.Event.Org, src.File, src.Digest, contests)
		if err == nil {
			if err := election.Unstage(c.Ctx(), s.db, d.Upload); err != nil {
				return err
			}
			return c.Redirect(fmt.Sprintf("%s?nhap=%d", eventPath(d.Event.ID), len(contests)))
		}
		if err := c.Fail(f, err); err != nil {
			return err
		}
	}
	return electionImport.show(c, *d)
}
