package regulation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// DaysSubject is the chain of the days of rest: there is one.
const DaysSubject = "regulation/ngay-nghi"

// RecordDays records which days of a period are days of rest and which are
// worked in exchange, as the notice of the Government tells them (Bộ luật Lao
// động, Điều 112; for offices the yearly notice). Of days that were known it
// tells anew: a notice that changes another, or a slip put right.
type RecordDays struct {
	rule.Days
}

func (a RecordDays) Name() string    { return "regulation.record-days" }
func (a RecordDays) Subject() string { return DaysSubject }
func (a RecordDays) Need() desk.Need { return desk.Need{Right: desk.KeepRegulation} }

// Decide refuses a period that leaves days untold before it, a day named that
// needs no naming, and what says nothing new.
func (a RecordDays) Decide(ctx context.Context, s *desk.Scene) ([]desk.Draft, error) {
	d := a.Days
	d.Number, d.Issuer = strings.Join(strings.Fields(d.Number), " "), strings.Join(strings.Fields(d.Issuer), " ")
	now := s.Rules.Calendar()
	first, last := now.Span()
	switch {
	case d.From.IsZero():
		return nil, desk.Wrong("from", "Thiếu ngày đầu của kỳ.", "The first day of the period is missing.")
	case d.To.IsZero():
		return nil, desk.Wrong("to", "Thiếu ngày cuối của kỳ.", "The last day of the period is missing.")
	case d.To.Before(d.From):
		return nil, desk.Wrong("to", "Ngày cuối trước ngày đầu.", "The last day lies before the first.")
	case d.Number == "" || utf8.RuneCountInString(d.Number) > 100:
		return nil, desk.Wrong("number", "Thiếu số thông báo hoặc số quá dài (tối đa 100 ký tự).", "The number of the notice is missing or too long (100 characters at most).")
	case d.Date.IsZero():
		return nil, desk.Wrong("date", "Thiếu ngày ký thông báo.", "The date of the notice is missing.")
	case utf8.RuneCountInString(d.Issuer) > 200:
		return nil, desk.Wrong("issuer", "Tên cơ quan ban hành quá dài (tối đa 200 ký tự).", "The issuer's name is too long (200 characters at most).")
	}
	lib, err := s.Rules.KnowDays(d)
	switch {
	case errors.Is(err, vn.ErrGap) && last.AddDays(1).Before(d.From):
		return nil, desk.Wrong("from", fmt.Sprintf("Bảng ngày nghỉ mới biết đến hết %s, nên kỳ mới phải bắt đầu từ %s hoặc sớm hơn; nếu không, các ngày ở giữa sẽ bị coi là ngày thường.", last.Vietnamese(), last.AddDays(1).Vietnamese()),
			fmt.Sprintf("The table knows the days up to %s, so the period must begin on %s or before; otherwise the days between would be taken for common ones.", last, last.AddDays(1)))
	case errors.Is(err, vn.ErrGap):
		return nil, desk.Wrong("to", fmt.Sprintf("Bảng ngày nghỉ biết từ %s, nên kỳ trước đó phải kéo đến %s.", first.Vietnamese(), first.AddDays(-1).Vietnamese()),
			fmt.Sprintf("The table knows the days from %s on, so a period before it must reach %s.", first, first.AddDays(-1)))
	case err != nil:
		return nil, desk.Wrong("days", "Danh sách ngày không dùng được: mỗi ngày ghi một lần, theo thứ tự, nằm trong kỳ; ngày nghỉ là ngày từ thứ Hai đến thứ Sáu, ngày làm bù là thứ Bảy hoặc Chủ nhật; kỳ không quá ba năm.",
			"The list of days cannot be used: each day once, in order, within the period; a day of rest is Monday to Friday, a day worked in exchange Saturday or Sunday; a period is no longer than three years.")
	}
	if !last.Before(d.To) && !d.From.Before(first) && sameDays(now, lib.Calendar(), d.From, d.To) {
		return nil, desk.Refuse("Các ngày này đã biết đúng như vậy rồi, không có gì để ghi.", "These days are known so already; there is nothing to record.")
	}
	if d.Days == nil {
		d.Days = []rule.Day{}
	}
	return []desk.Draft{{Kind: KindDays, Subjects: []string{DaysSubject}, Body: d}}, nil
}

// sameDays says whether two calendars tell the same of every day of a period.
func sameDays(a, b *vn.Calendar, from, to vn.Date) bool {
	for d := from; !to.Before(d); d = d.AddDays(1) {
		x, okX := a.Special(d)
		y, okY := b.Special(d)
		if okX != okY || x.Name != y.Name || x.Work != y.Work || x.Source != y.Source {
			return false
		}
	}
	return true
}

// RecordedDays is a period as recorded.
type RecordedDays struct {
	Entry int64
	At    time.Time
	Actor string
	rule.Days
}

// DaysRecorded lists the recorded periods, newest first.
func DaysRecorded(ctx context.Context, tx *store.Tx) ([]RecordedDays, error) {
	return recordedDays(ctx, tx, `1 = 1`)
}

func recordedDays(ctx context.Context, tx *store.Tx, where string, args ...any) ([]RecordedDays, error) {
	rows, err := tx.Query(ctx, `SELECT entry, at, actor, first, last, number, dated, issuer, days FROM regulation_days WHERE `+where+` ORDER BY entry DESC`, args...)
	if err != nil {
		return nil, fmt.Errorf("regulation: read days: %w", err)
	}
	defer rows.Close()
	var out []RecordedDays
	for rows.Next() {
		var r RecordedDays
		var at, from, to, dated, days string
		if err := rows.Scan(&r.Entry, &at, &r.Actor, &from, &to, &r.Number, &dated, &r.Issuer, &days); err != nil {
			return nil, err
		}
		var e1, e2, e3, e4 error
		r.At, e1 = time.Parse(time.RFC3339Nano, at)
		r.From, e2 = vn.ParseDate(from)
		r.To, e3 = vn.ParseDate(to)
		r.Date, e4 = vn.ParseDate(dated)
		if err := errors.Join(e1, e2, e3, e4, json.Unmarshal([]byte(days), &r.Days.Days)); err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, rows.Err()
}
