package web

import (
	"math/big"
	"slices"
	"strconv"
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/org"
	"minhbach/internal/report"
	"minhbach/internal/store"
)

// reportAimFormData is a form about an aim. What: moi (set, or replace one),
// dinh-chinh (correct), ket-thuc (end), huy-bo (withdraw).
type reportAimFormData struct {
	What                            string
	Form                            *Form
	Unit, Name                      string
	Back                            string
	Old                             *aimFactView // the aim it is about
	Replaces                        string
	Reaches, Organs, Measures, Ways []Option
	Kinds                           []Option
}

var reportAimForm = page[reportAimFormData]("report_aim_form")

func (s *Server) reportAimFormGet(c *Call) error { return c.showAimForm(nil) }

// showAimForm shows the form of the path, as sent or afresh.
func (c *Call) showAimForm(f *Form) error {
	d := reportAimFormData{What: c.R.PathValue("what"), Form: f, Kinds: c.orgKindOptions()}
	d.Kinds[0].Label = c.T("aim.kind.any")
	id := c.R.PathValue("id")
	q := c.R.URL.Query()
	if d.What == "" {
		d.What, d.Unit = "moi", q.Get("don-vi")
		id = strings.TrimPrefix(q.Get("thay"), "aim/")
		if f != nil {
			d.Unit, id = f.Text("unit"), strings.TrimPrefix(f.Text("replaces"), "aim/")
		}
	}
	for _, r := range []string{report.ReachOwn, report.ReachBelow, report.ReachBoth} {
		d.Reaches = append(d.Reaches, Option{r, c.TK("aim.reaches", r)})
	}
	for _, o := range []string{"committee", "standing"} {
		d.Organs = append(d.Organs, Option{o, c.TK("report.part", o)})
	}
	for _, m := range report.Measures() {
		d.Measures = append(d.Measures, Option{m, c.Words(report.MeasureWords(m, 0))})
	}
	d.Ways = []Option{{"percent", c.T("aim.way.percent")}, {"people", c.T("aim.way.people")}}
	if !slices.Contains([]string{"moi", "dinh-chinh", "ket-thuc", "huy-bo"}, d.What) {
		return errNotFound
	}
	if err := c.Read(func(tx *store.Tx) error { return c.fillAimForm(tx, &d, id) }); err != nil {
		return err
	}
	return reportAimForm.show(c, d)
}

func (c *Call) fillAimForm(tx *store.Tx, d *reportAimFormData, id string) error {
	var old report.AimFact
	if id != "" {
		var ok bool
		var err error
		if old, ok, err = report.GetAim(c.Ctx(), tx, "aim/"+id, -1); err != nil || !ok {
			return or(err, errNotFound)
		}
		v, err := c.aimView(tx, old)
		if err != nil {
			return err
		}
		d.Old, d.Unit, d.Back = &v, old.Unit, aimPath(old.ID)
	}
	if d.Unit == "" {
		var err error
		if d.Unit, err = c.topUnit(tx); err != nil {
			return err
		}
	}
	if !c.May(tx, desk.Need{Right: desk.CloseFigures, Org: d.Unit}) {
		return errNotFound
	}
	if d.Back == "" {
		d.Back = aimsPath(d.Unit)
	}
	if d.What == "moi" && id != "" {
		d.Replaces = old.ID
	}
	var err error
	if d.Name, err = c.unitName(tx, d.Unit, c.Today()); err != nil || d.Form != nil {
		return err
	}
	subject := ""
	if d.What != "moi" {
		subject = old.ID
	}
	if d.Form, err = c.NewForm(tx, subject); err != nil {
		return err
	}
	f := d.Form.Set("reach", report.ReachOwn).Set("organ", "committee").Set("way", "percent")
	if id == "" {
		return nil
	}
	f.Set("reach", old.Reach).Set("kind", string(old.Kind)).Set("organ", old.Organ).Set("measure", old.Measure)
	if old.Under > 0 {
		f.Set("under", strconv.FormatInt(old.Under, 10))
	}
	if f.Set("least", strings.Replace(old.Percent(), ".", ",", 1)); old.Den == 0 {
		f.Set("way", "people").Set("least", strconv.FormatInt(old.Num, 10))
	}
	if d.What == "dinh-chinh" {
		s := old.Said.Decision
		f.Set("from", dayText("vi", old.From)).Set("number", s.Number).Set("date", dayText("vi", s.Date)).Set("by", s.By).Set("basis", s.Basis).Set("signer", s.Signer)
		if !old.To.IsZero() {
			f.Set("to", dayText("vi", old.To))
		}
	}
	return nil
}

// reportAimPost sets an aim, or one in the place of another.
func (s *Server) reportAimPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	act := report.SetAim{Replaces: f.Text("replaces")}
	if act.Aim, err = aimOf(f, "aim/"+f.ID, f.Text("unit")); err == nil {
		act.Decision, err = orgDecision(f)
	}
	return c.doAim(f, act, err, aimPath(act.Aim.ID))
}

// reportAimActPost corrects, ends or withdraws the aim of the path.
func (s *Server) reportAimActPost(c *Call) error {
	f, err := c.PostForm()
	if err != nil {
		return err
	}
	id := "aim/" + c.R.PathValue("id")
	var old report.AimFact
	if err := c.Read(func(tx *store.Tx) error {
		var ok bool
		var err error
		if old, ok, err = report.GetAim(c.Ctx(), tx, id, -1); err == nil && !ok {
			err = errNotFound
		}
		return err
	}); err != nil {
		return err
	}
	decision, err := org.Decision{}, error(nil)
	if c.R.PathValue("what") != "huy-bo" {
		decision, err = orgDecision(f)
	}
	var act desk.Act
	switch c.R.PathValue("what") {
	case "dinh-chinh":
		a := report.CorrectAim{Decision: decision, Reason: f.Text("reason")}
		if err == nil {
			a.Aim, err = aimOf(f, id, old.Unit)
		}
		act = a
	case "ket-thuc":
		a := report.EndAim{ID: id, Unit: old.Unit, Decision: decision}
		if err == nil {
			a.On, err = f.Day("to")
		}
		act = a
	case "huy-bo":
		act = report.WithdrawAim{ID: id, Unit: old.Unit, Reason: f.Text("reason")}
	default:
		return errNotFound
	}
	return c.doAim(f, act, err, aimPath(id))
}

func (c *Call) doAim(f *Form, act desk.Act, err error, then string) error {
	if err != nil {
		return c.again(f, err, c.showAimForm)
	}
	rc, ok, err := c.Do(f, act)
	if err != nil {
		return err
	}
	if ok {
		return c.Done(then, rc)
	}
	return c.showAimForm(f)
}

// aimOf reads what an aim asks from the form; fields the chosen measure has no
// use for are left aside.
func aimOf(f *Form, id, unit string) (a report.Aim, err error) {
	a = report.Aim{ID: id, Unit: unit, Reach: f.Text("reach"), Kind: org.Kind(f.Text("kind")), Organ: f.Text("organ"), Measure: f.Text("measure")}
	if a.Measure == report.Young {
		if a.Under, err = strconv.ParseInt(f.Text("under"), 10, 32); err != nil {
			return a, desk.Wrong("under", "Ghi dưới bao nhiêu tuổi thì tính là trẻ, bằng số.", "Give the age under which somebody counts as young, as a number.")
		}
	}
	least := strings.TrimSuffix(strings.TrimSpace(f.Text("least")), "%")
	if f.Text("way") == "people" {
		if a.Num, err = strconv.ParseInt(strings.TrimSpace(least), 10, 32); err != nil {
			return a, desk.Wrong("least", "Ghi số người, ví dụ 3.", "Give the number of people, for instance 3.")
		}
	} else if a.Num, a.Den, err = percentOf(least); err != nil {
		return a, err
	}
	if a.From, err = f.Day("from"); err == nil {
		a.To, err = f.OptionalDay("to")
	}
	return a, err
}

// percentOf reads "15" or "12,5" as an exact share; at most two decimals.
func percentOf(text string) (num, den int64, err error) {
	bad := desk.Wrong("least", "Ghi tỷ lệ bằng số, ví dụ 15 hoặc 12,5; nhiều nhất hai chữ số sau dấu phẩy.", "Give the share as a number, for instance 15 or 12.5, with at most two decimals.")
	text = strings.Replace(strings.TrimSpace(text), ",", ".", 1)
	whole, part, _ := strings.Cut(text, ".")
	if whole == "" || len(whole) > 3 || len(part) > 2 || strings.Trim(whole+part, "0123456789") != "" {
		return 0, 0, bad
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0, 0, bad
	}
	r.Quo(r, big.NewRat(100, 1))
	if r.Sign() <= 0 || r.Cmp(big.NewRat(1, 1)) > 0 {
		return 0, 0, desk.Wrong("least", "Tỷ lệ phải trên 0 và không quá 100%.", "The share must be above 0 and at most 100%.")
	}
	return r.Num().Int64(), r.Denom().Int64(), nil
}
