package web

import (
	"strconv"
	"strings"
	"time"

	"minhbach/internal/rule"
	"minhbach/internal/vn"
)

// number writes a whole number as the language does: 186.600 or 186,600.
func number(lang string, n int64) string {
	sep := byte('.')
	if lang == "en" {
		sep = ','
	}
	return string(rule.AppendCount(nil, n, sep))
}

// percent writes a share given as "82.35" (the form of vote.Line): 82,35 % in
// Vietnamese, 82.35% in English. Empty stays empty.
func percent(lang, share string) string {
	if share == "" {
		return ""
	}
	if lang != "en" {
		share = strings.Replace(share, ".", ",", 1)
	}
	return share + "%"
}

// dayText writes a day: 23/5/2021, or 23 May 2021.
func dayText(lang string, d vn.Date) string {
	if d.IsZero() {
		return "–"
	}
	if lang == "en" {
		return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format("2 Jan 2006")
	}
	return d.Vietnamese()
}

// shortDay is a day on the axis of a chart.
func shortDay(day, month int) string { return strconv.Itoa(day) + "/" + strconv.Itoa(month) }

// whenText writes an instant in the civil time of Viet Nam.
func whenText(lang string, t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.In(zone)
	if lang == "en" {
		return t.Format("2 Jan 2006, 15:04:05")
	}
	return vn.DateOf(t).Vietnamese() + " " + t.Format("15:04:05")
}
