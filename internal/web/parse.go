package web

import (
	"strings"

	"minhbach/internal/desk"
	"minhbach/internal/vn"
)

// parseDay reads a day as people type it (23/5/2021, 23-05-2021, ngày 23
// tháng 5 năm 2021) or in the file form 2021-05-23.
func parseDay(s string) (vn.Date, error) {
	s = strings.TrimSpace(s)
	if d, err := vn.ParseDate(s); err == nil {
		return d, nil
	}
	d, err := vn.ReadDay(s)
	if err != nil {
		return vn.Date{}, desk.Wrong("ngay", "Chưa đọc được ngày “"+clip(s)+"”. Hãy gõ ngày/tháng/năm, ví dụ 23/5/2021.",
			"The day “"+clip(s)+"” cannot be read. Type day/month/year, for example 23/5/2021.")
	}
	return d, nil
}

// Day reads a required day from a field.
func (f *Form) Day(name string) (vn.Date, error) {
	if f.Text(name) == "" {
		return vn.Date{}, desk.Wrong(name, "Hãy nhập ngày.", "Type the day.")
	}
	d, err := parseDay(f.Text(name))
	if e, ok := asDeskError(err); ok {
		e.Field = name
	}
	return d, err
}

// OptionalDay is Day, with an empty field as the zero Date.
func (f *Form) OptionalDay(name string) (vn.Date, error) {
	if f.Text(name) == "" {
		return vn.Date{}, nil
	}
	return f.Day(name)
}

// Need reads a required text of a field.
func (f *Form) Need(name string) (string, error) {
	v := f.Text(name)
	if v == "" {
		return "", desk.Wrong(name, "Mục này cần được nhập.", "This field is needed.")
	}
	return v, nil
}

// clip keeps a quoted value short.
func clip(s string) string { return short(s, 40) }
