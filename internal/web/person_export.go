package web

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/table"
)

// personExportPost hands out the list as seen, as a CSV that opens in Excel and
// can be handed in again edited. What for is asked, stands in the read log of
// each person before the file leaves, and under the sheet.
func (s *Server) personExportPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	d, err := c.personListed(f.Values)
	if err != nil {
		return err
	}
	purpose := strings.Join(strings.Fields(f.Text("purpose")), " ")
	var views []readView
	what := "export: " + purpose
	if purpose == "" || utf8.RuneCountInString(purpose) > 300 {
		if err := c.Fail(f, desk.Wrong("purpose", "Hãy ghi danh sách này dùng vào việc gì, không quá 300 chữ.", "Say what the list is for, in at most 300 letters.")); err != nil {
			return err
		}
		d.Export, what = f, "list"
	}
	for _, r := range d.Rows {
		views = append(views, readView{at: s.clock(), actor: c.User.Account, subject: r.Person.ID, what: what})
	}
	if err := s.reads.add(c.Ctx(), views...); err != nil {
		return err
	}
	if f.Problem != nil {
		return personList.show(c, d)
	}
	point, _, err := s.desk.Checkpoint(c.Ctx())
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	buf.WriteString("\uFEFF")
	w := csv.NewWriter(&buf)
	w.Comma, w.UseCRLF = ';', true
	put := func(cells ...string) {
		for i, v := range cells {
			if table.Formula(v) {
				cells[i] = "'" + strings.TrimPrefix(v, "'") // shown as text, never run
			}
		}
		_ = w.Write(cells)
	}
	put(c.T("person.export.id"), c.T("person.name"), c.T("person.born"), c.T("person.gender"), c.T("person.ethnicity"), c.T("person.hometown"), c.T("person.posts"), c.T("person.home"))
	for _, r := range d.Rows {
		id, gender := r.Person.Identity, ""
		if id.Gender != "" {
			gender = c.TK("person.gender", id.Gender)
		}
		put(strings.TrimPrefix(r.Person.ID, "person/"), c.personName(r.Person), id.Born.Vietnamese(), gender, id.Ethnicity, id.Hometown, strings.Join(r.Posts, "; "), r.Home)
	}
	put(c.T("person.export.stamp", whenText(c.Lang, s.clock()), c.User.Name, purpose, number(c.Lang, point.Size), base64.StdEncoding.EncodeToString(point.Root[:])))
	if d.More {
		put(c.T("person.export.cut", number(c.Lang, personPage)))
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="danh-sach-can-bo.csv"`)
	h.Set("Cache-Control", "private, no-store")
	_, err = c.W.Write(buf.Bytes())
	return err
}
