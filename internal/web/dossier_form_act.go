package web

import (
	"strconv"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

func (s *Server) dossierFormPost(c *Call) error {
	d, err := c.dossierFormData()
	if err != nil {
		return err
	}
	f, ups, err := c.PostFiles(d.ID, "file")
	if err != nil {
		return err
	}
	d.Form = f
	act, err := c.dossierAct(&d, ups)
	if err != nil {
		return c.again(f, err, func(*Form) error { return c.showDossierForm(d) })
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		if d.What == "xoa" {
			return c.Done(d.Path, rc)
		}
		return c.Done(d.Back, rc)
	}
	return c.showDossierForm(d)
}

// kindNumber reads the number of a kind from a field.
func (f *Form) kindNumber(name string) (int, error) {
	if f.Text(name) == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(f.Text(name))
	if _, ok := dossier.KindOf(n); err != nil || !ok && n != 0 {
		return 0, desk.Wrong(name, "Loại tài liệu có số từ 1 đến 104.", "Kinds of papers are numbered from 1 to 104.")
	}
	return n, nil
}

func (f *Form) grounds() (dossier.Grounds, error) {
	date, err := f.OptionalDay("date")
	return dossier.Grounds{Number: f.Text("number"), Date: date, By: f.Text("by"), Note: f.Text("note"), Giver: f.Text("giver"), Receiver: f.Text("receiver"), Place: f.Text("place")}, err
}

// declassify is the decision by which a class of secrecy is lowered.
func (f *Form) declassify() (org.Decision, error) {
	date, err := f.OptionalDay("declassify_date")
	return org.Decision{Number: f.Text("declassify"), Date: date, By: f.Text("declassify_by")}, err
}

// hands splits the fields of a hand-over: its decision stands in the entry,
// names and place in the block.
func (f *Form) hands() (org.Decision, dossier.Grounds, error) {
	decision, err := orgDecision(f)
	decision.Basis, decision.Signer = "", ""
	return decision, dossier.Grounds{Note: f.Text("note"), Giver: f.Text("giver"), Receiver: f.Text("receiver"), Place: f.Text("place")}, err
}

// dossierAct reads the typed act out of the posted form.
func (c *Call) dossierAct(d *dossierFormData, ups []Uploaded) (desk.Act, error) {
	f := d.Form
	custodian := func(required bool) (id string, from vn.Date, err error) {
		if from, err = f.Day("from"); err == nil {
			id, err = c.pickUnit(f, "to", from, required)
		}
		return id, from, err
	}
	switch d.What {
	case "lap", "giao", "giao-sua":
		decision, hands, err := f.hands()
		if err != nil {
			return nil, err
		}
		withdraw := d.What == "giao-sua" && f.Value("withdraw") != ""
		var to string
		var from vn.Date
		if !withdraw {
			if to, from, err = custodian(true); err != nil {
				return nil, err
			}
		}
		switch d.What {
		case "lap":
			return dossier.Open{Person: d.ID, Home: d.Home, Class: dossier.Class(f.Text("class")), Custodian: to, From: from, Decision: decision, Hands: hands}, nil
		case "giao":
			return dossier.HandOver{Keeper: d.Secret, Person: d.ID, Home: d.Home, To: to, On: from, Decision: decision, Hands: hands}, nil
		}
		return dossier.CorrectCustody{Keeper: d.Secret, Person: d.ID, Home: d.Home, Fact: d.fact, Withdraw: withdraw, Org: to, From: from, Decision: decision, Hands: hands, Reason: f.Text("reason")}, nil
	case "tinh-trang":
		g, err := f.grounds()
		return dossier.SetState{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Version: d.Doc.Version, State: dossier.State(f.Text("state")), Grounds: g}, err
	case "ho-so":
		g, err := f.grounds()
		by, no := f.declassify()
		if err == nil {
			err = no
		}
		if err == nil && !d.may(dossier.Class(f.Text("class"))) {
			err = desk.Deny("Chỉ người được giao giữ tài liệu mật mới đặt được độ mật này.", "Only keepers of classified papers set this class.")
		}
		return dossier.SetFile{Keeper: d.Secret, Declassify: by, Person: d.ID, Home: d.Home, State: dossier.State(f.Text("state")), Class: dossier.Class(f.Text("class")), Grounds: g}, err
	case "ra-soat":
		return c.marksAct(d)
	case "xoa":
		a := dossier.Erase{Person: d.ID, Home: d.Home, Decision: f.Text("decision")}
		if d.Doc != nil {
			a.Doc = d.Doc.ID
		}
		if f.Value("sure") == "" {
			return nil, desk.Wrong("sure", "Hãy đánh dấu đã hiểu: nội dung đã xóa không lấy lại được.", "Tick that you know: what is erased cannot be brought back.")
		}
		return a, nil
	}
	x, err := c.paperItem(d, ups)
	if err != nil {
		return nil, err
	}
	switch d.What {
	case "tai-lieu":
		x.State = dossier.State(f.Text("state"))
		return dossier.Put{Person: d.ID, Home: d.Home, Items: []dossier.Item{x}}, nil
	case "ban-moi":
		return dossier.Renew{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Item: x}, nil
	}
	return dossier.Correct{Keeper: d.Secret, Person: d.ID, Home: d.Home, Doc: d.Doc.ID, Version: d.Doc.Version, Withdraw: f.Value("withdraw") != "", Item: x, Reason: f.Text("reason")}, nil
}

// paperItem reads a paper out of the form, with the scans kept and those that
// came with it.
func (c *Call) paperItem(d *dossierFormData, ups []Uploaded) (x dossier.Item, err error) {
	f := d.Form
	p := dossier.Paper{Title: f.Text("title"), Number: f.Text("number"), Issuer: f.Text("issuer"), Place: f.Text("place"), Note: f.Text("note"), Paper: f.Value("paper") != ""}
	if x.Class = dossier.Class(f.Text("class")); !d.may(x.Class) {
		return x, desk.Deny("Chỉ người được giao giữ tài liệu mật mới ghi được tài liệu độ mật này.", "Only a keeper of classified papers records papers of this class.")
	}
	if p.Kind, err = f.kindNumber("kind"); err != nil {
		return x, err
	}
	if p.Date, err = f.OptionalDay("date"); err != nil {
		return x, err
	}
	if x.Filed, err = f.OptionalDay("filed"); err != nil {
		return x, err
	}
	if x.Declassify, err = f.declassify(); err != nil {
		return x, err
	}
	if f.Text("pages") != "" {
		n, err := vn.ReadCount(f.Text("pages"))
		if err != nil {
			return x, desk.Wrong("pages", "Cần một số nguyên.", "A whole number is needed.")
		}
		p.Pages = int(min(n, 1<<30))
	}
	if d.What == "sua" && d.Doc.Paper != nil {
		for _, s := range d.Doc.Paper.Scans {
			if f.Value("keep."+s.Hash) != "" {
				p.Scans = append(p.Scans, s)
			}
		}
	}
	for _, u := range ups {
		if u.No != nil {
			return x, &desk.Error{Code: u.No.Code, Field: "file", Says: u.No.Says}
		}
		p.Scans = append(p.Scans, dossier.Scan{Hash: u.File.Hash, Name: u.Name})
	}
	x.Paper = p
	return x, nil
}

// marksAct is what changed against what was marked before.
func (c *Call) marksAct(d *dossierFormData) (desk.Act, error) {
	a := dossier.MarkKinds{Keeper: d.Secret, Person: d.ID, Home: d.Home, Note: d.Form.Text("note"), Marks: map[int]dossier.Mark{}}
	err := c.Read(func(tx *store.Tx) error {
		was, err := dossier.MarksOf(c.Ctx(), tx, d.ID, -1)
		for _, k := range dossier.Kinds() {
			m := dossier.Mark(d.Form.Text("k." + strconv.Itoa(k.Number)))
			before := was[k.Number]
			if before == "" {
				before = dossier.Undetermined
			}
			if m != "" && m != before {
				a.Marks[k.Number] = m
			}
		}
		return err
	})
	if err == nil && len(a.Marks) == 0 {
		err = desk.Wrong("marks", "Chưa có loại nào được đổi.", "No kind was changed.")
	}
	return a, err
}
