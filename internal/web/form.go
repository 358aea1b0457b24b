package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// Form is one form on its way: the id of the act it will become, the last
// entry its author saw, what was typed, and what was wrong with it.
type Form struct {
	ID      string // act id; the same form sent twice is one act
	Seen    int64  // last entry of the subject when the form was drawn
	Values  url.Values
	Problem *Problem
	choices map[string][]Option // fields that became a choice among things that fit
}

// Problem is why a form was not taken, in plain words.
type Problem struct {
	Code     desk.Code
	Text     string
	Field    string
	Verdicts []rule.Verdict
	Newer    []Newer
}

// Newer is an entry made since the form was drawn.
type Newer struct {
	Index int64
	Kind  string
	When  string
	Actor string
}

// Value is what was typed into a field, first value.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.Values.Get(name)
}

// Text is Value without spaces around.
func (f *Form) Text(name string) string { return strings.TrimSpace(f.Value(name)) }

// Set gives a field its value before the form is first shown.
func (f *Form) Set(name, value string) *Form { f.Values.Set(name, value); return f }

// Choose makes a field a choice among options when the form is shown again.
func (f *Form) Choose(name string, options []Option) {
	if f.choices == nil {
		f.choices = map[string][]Option{}
	}
	f.choices[name] = options
}

// Error is the sentence for one field; empty when it is fine.
func (f *Form) Error(name string) string {
	if f == nil || f.Problem == nil || f.Problem.Field != name {
		return ""
	}
	return f.Problem.Text
}

// NewForm makes a form about a subject: a fresh act id, and the last entry of
// the subject as seen now (-1 for one that is yet to be made).
func (c *Call) NewForm(tx *store.Tx, subject string) (*Form, error) {
	f := &Form{ID: desk.NewID(), Seen: -1, Values: url.Values{}}
	if subject != "" {
		seen, err := desk.Seen(c.Ctx(), tx, subject)
		if err != nil {
			return nil, err
		}
		f.Seen = seen
	}
	return f, nil
}

// BlankForm is NewForm for acts about something new.
func (c *Call) BlankForm() *Form {
	return &Form{ID: desk.NewID(), Seen: -1, Values: url.Values{}}
}

// PostForm reads the posted form, bounded by the route's size. Values that are
// not UTF-8 are refused.
func (c *Call) PostForm() (*Form, error) {
	var err error
	if strings.HasPrefix(c.R.Header.Get("Content-Type"), "multipart/") {
		err = c.R.ParseMultipartForm(1 << 20)
	} else {
		err = c.R.ParseForm()
	}
	if err != nil {
		var big *http.MaxBytesError
		if errors.As(err, &big) {
			return nil, desk.Wrong("", "Nội dung gửi lên quá lớn ("+strconv.FormatInt(big.Limit>>10, 10)+" KiB là mức cho phép).",
				"What was sent is too large ("+strconv.FormatInt(big.Limit>>10, 10)+" KiB is allowed).")
		}
		return nil, desk.Wrong("", "Không đọc được biểu mẫu gửi lên. Hãy tải lại trang và thử lại.",
			"The form could not be read. Reload the page and try again.")
	}
	return formOf(c.R.PostForm)
}

// formOf reads the act id and what was seen from posted values.
func formOf(values url.Values) (*Form, error) {
	f := &Form{ID: values.Get("act"), Seen: -1, Values: values}
	if f.ID == "" || len(f.ID) > 64 {
		return nil, desk.Wrong("", "Biểu mẫu thiếu mã. Hãy tải lại trang rồi gửi lại.",
			"The form lacks its id. Reload the page and send it again.")
	}
	if n, err := strconv.ParseInt(values.Get("seen"), 10, 64); err == nil {
		f.Seen = n
	}
	for name, vs := range f.Values {
		for _, v := range vs {
			if !utf8.ValidString(v) {
				return nil, desk.Wrong(name, "Có ký tự không đọc được (cần UTF-8).", "Some characters cannot be read (UTF-8 is needed).")
			}
		}
	}
	return f, nil
}

// Do hands an act to the desk under the form's id. ok says it was done. A
// plain-words error lands in the form, the status of the answer is set, and
// the page is to be shown again with it; err is only for faults.
func (c *Call) Do(f *Form, act desk.Act) (rc desk.Receipt, ok bool, err error) {
	rc, err = c.s.desk.Do(c.Ctx(), desk.Form{ID: f.ID, Seen: f.Seen, Actor: c.User.Account, Act: act})
	if err == nil {
		return rc, true, nil
	}
	return rc, false, c.Fail(f, err)
}

// Fail puts a plain-words error into the form; any other error is returned.
func (c *Call) Fail(f *Form, err error) error {
	d, ok := asDeskError(err)
	if !ok {
		return err
	}
	f.Problem = &Problem{Code: d.Code, Text: c.Words(d.Says), Field: d.Field, Verdicts: d.Verdicts}
	switch d.Code {
	case desk.Denied:
		c.status = http.StatusForbidden
	case desk.Stale:
		c.status = http.StatusConflict
		return c.Read(func(tx *store.Tx) error {
			for _, i := range d.Newer {
				e, err := desk.GetRecord(c.Ctx(), tx, i)
				if err != nil {
					return err
				}
				f.Problem.Newer = append(f.Problem.Newer, Newer{
					Index: i, Kind: c.kindText(e.Kind), When: whenText(c.Lang, e.At), Actor: c.actorText(tx, e.Actor)})
				// The changes stand before the reader now: sending again means knowing them.
				f.Seen = max(f.Seen, i)
			}
			return nil
		})
	case desk.NotFound:
		c.status = http.StatusNotFound
	case desk.Stopped:
		c.status = http.StatusServiceUnavailable
	default:
		c.status = http.StatusUnprocessableEntity
	}
	return nil
}

// Field is one input of a form with its label, hint and error.
type Field struct {
	In                      string // put before ids, where a page has several forms
	Name, Label, Hint, Kind string // Kind: text, day, number, password, textarea, select, checkbox, code
	Value, Error            string
	Required, Wide          bool
	Autofocus               bool
	Autocomplete            string
	Options                 []Option
	Suggest                 []string // proposed while typing; any text may stand
}

// Option is one choice of a select.
type Option struct{ Value, Label string }

// newField makes the field for a form's value; f may be nil.
func newField(f *Form, name, label string) Field {
	x := Field{Name: name, Label: label, Kind: "text", Value: f.Value(name), Error: f.Error(name)}
	if f != nil && f.choices[name] != nil {
		x.Kind, x.Options = "select", f.choices[name]
	}
	return x
}

// inputOf is newField for one of several forms of a page, told apart by their
// "do": values and errors stand only in the form that was sent, which also keeps
// the plain ids that the note of the problem leads to.
func inputOf(f *Form, do, name, label string) Field {
	if f.Value("do") == do {
		return newField(f, name, label)
	}
	return Field{In: do + "-", Name: name, Label: label, Kind: "text"}
}

// Describes is the id list for aria-describedby; empty when nothing describes.
func (f Field) Describes() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.In+f.Name+"-hint")
	}
	if f.Error != "" {
		ids = append(ids, f.In+f.Name+"-error")
	}
	return strings.Join(ids, " ")
}
