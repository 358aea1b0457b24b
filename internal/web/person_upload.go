package web

import (
	"bytes"
	"io"
	"path"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/store"
	"minhbach/internal/table"
)

type personUploadData struct{ Form *Form }

var personUpload = page[personUploadData]("person_upload")

func (s *Server) personUploadGet(c *Call) error {
	d := personUploadData{c.BlankForm()}
	if c.User.Org != "" {
		if err := c.Read(func(tx *store.Tx) error {
			name, err := c.unitName(tx, c.User.Org, c.Today())
			d.Form.Set("home", name)
			return err
		}); err != nil {
			return err
		}
	}
	return personUpload.show(c, d)
}

// personUploadPost stages the file; nothing is recorded before it has been
// looked at and confirmed.
func (s *Server) personUploadPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id, err := c.stagePersons(f)
	if err == nil {
		return c.Redirect("/can-bo/nhap/" + id)
	}
	if err := c.Fail(f, err); err != nil {
		return err
	}
	return personUpload.show(c, personUploadData{f})
}

func (c *Call) stagePersons(f *Form) (string, error) {
	home, err := c.pickUnit(f, "home", c.Today(), true)
	if err != nil {
		return "", err
	}
	if !c.MayNow(desk.Need{Right: desk.EditPerson, Org: home}) || !c.MayNow(desk.Need{Right: desk.ReadPerson, Org: home}) {
		return "", desk.Deny("Vai trò của anh/chị không ghi được hồ sơ do tổ chức này giữ.", "Your role may not record in the files of this organisation.")
	}
	name, data, err := c.uploadedTable()
	if err != nil {
		return "", err
	}
	return person.StageUpload(c.Ctx(), c.s.db, c.User.Account, home, name, data, c.s.clock())
}

// uploadedTable is the file of rows in the field "file": its name, and its text
// as CSV that can be read.
func (c *Call) uploadedTable() (name string, data []byte, err error) {
	file, head, err := c.R.FormFile("file")
	if err != nil {
		return "", nil, desk.Wrong("file", "Hãy chọn một tệp.", "Choose a file.")
	}
	defer file.Close()
	data, err = io.ReadAll(io.LimitReader(file, table.MaxUpload+1))
	if err != nil {
		return "", nil, err
	}
	if isXLSX(data) {
		if data, err = personsXLSX(data); err != nil {
			return "", nil, err
		}
	}
	if bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0")) {
		return "", nil, desk.Wrong("file", "Đây là tệp Excel kiểu cũ (.xls). Hãy lưu dạng .xlsx hoặc “CSV UTF-8” rồi tải lên.", "This is an old Excel file (.xls). Save it as .xlsx or “CSV UTF-8” and upload that.")
	}
	if _, err := table.Parse(data); err != nil {
		return "", nil, err
	}
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(head.Filename, ""), `\`, "/"))
	if r := []rune(name); len(r) > 120 {
		name = string(r[len(r)-120:])
	}
	return name, data, nil
}
