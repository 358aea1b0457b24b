package web

import (
	"errors"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/store"
)

// dossierUploadPost takes files in: each becomes a paper of the file, its kind
// read from a name like "07.Quyet_dinh.pdf" or as chosen for all; or all become
// scans of one paper.
func (s *Server) dossierUploadPost(c *Call) error {
	var h dossierHead
	if err := c.Read(func(tx *store.Tx) (err error) { h, err = c.dossierHead(tx); return err }); err != nil {
		return err
	}
	if !h.Edit || !h.Opened {
		return errNoPerson
	}
	f, ups, err := c.PostFiles(h.ID, "file")
	if err != nil {
		return c.uploadFailed(h, err)
	}
	kind, err := f.kindNumber("kind")
	var items []dossier.Item
	var told []toldFile
	if err == nil {
		items, told = c.uploadItems(f, ups, kind)
	}
	if err == nil && !h.may(dossier.Class(f.Text("class"))) {
		err = desk.Deny("Chỉ người được giao giữ tài liệu mật mới ghi được tài liệu độ mật này.", "Only a keeper of classified papers records papers of this class.")
	}
	if err == nil && len(items) == 0 {
		err = desk.Wrong("file", "Chưa có tệp nào nhận được: hãy chọn tệp PDF, JPEG, PNG, TIFF, DOCX hoặc XLSX.", "No file could be taken: choose PDF, JPEG, PNG, TIFF, DOCX or XLSX.")
	}
	if err != nil {
		return c.again(f, err, func(f *Form) error { return c.showDossier(f, told) })
	}
	rc, ok, err := c.Do(f, dossier.Put{Person: h.ID, Home: h.Home, Items: items})
	if err != nil {
		return err
	}
	if !ok {
		return c.showDossier(f, nil)
	}
	for _, t := range told {
		if t.Tag.Kind == "stop" { // some were not taken: say so beside those that were
			return c.showDossier(nil, told)
		}
	}
	return c.Done(h.Path, rc)
}

// uploadFailed shows the page again when the upload could not be read at all.
func (c *Call) uploadFailed(h dossierHead, err error) error {
	var no *desk.Error
	if !errors.As(err, &no) {
		return err
	}
	f := c.BlankForm()
	if e := c.Read(func(tx *store.Tx) (err error) { f, err = c.NewForm(tx, h.ID); return err }); e != nil {
		return e
	}
	return c.again(f, err, func(f *Form) error { return c.showDossier(f, nil) })
}

func (c *Call) uploadItems(f *Form, ups []Uploaded, kind int) (items []dossier.Item, told []toldFile) {
	together := f.Text("how") == "one"
	base := dossier.Item{State: dossier.Kept, Class: dossier.Class(f.Text("class")),
		Paper: dossier.Paper{Kind: kind, Title: f.Text("title"), Paper: f.Value("paper") != ""}}
	for _, u := range ups {
		if u.No != nil {
			told = append(told, toldFile{u.Name, c.Words(u.No.Says), Tag{"stop", c.T("dossier.refused")}})
			continue
		}
		scan := dossier.Scan{Hash: u.File.Hash, Name: u.Name}
		x := base
		x.Paper.Scans = nil
		if n, title, ok := dossier.ReadName(u.Name); ok && !together {
			x.Paper.Kind = n
			if x.Paper.Title == "" {
				x.Paper.Title = title
			}
		}
		if x.Paper.Kind == 0 && x.Paper.Title == "" {
			x.Paper.Title = strings.TrimSuffix(u.Name, ending(u.Name))
		}
		if together && len(items) > 0 {
			items[0].Paper.Scans = append(items[0].Paper.Scans, scan)
		} else {
			x.Paper.Scans = []dossier.Scan{scan}
			items = append(items, x)
		}
		told = append(told, toldFile{u.Name, c.paperKind(x.Paper.Kind), Tag{"yes", c.T("dossier.taken")}})
	}
	return items, told
}

func ending(name string) string {
	if at := strings.LastIndexByte(name, '.'); at > 0 {
		return name[at:]
	}
	return ""
}
