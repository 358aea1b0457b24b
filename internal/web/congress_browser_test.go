package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"minhbach/internal/account"
	"minhbach/internal/demo"
	"minhbach/internal/election"
	"minhbach/internal/org"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// congressHouse is the sample congress as `make run` seeds it.
func congressHouse(t testing.TB) *house {
	t.Helper()
	h := newHouse(t)
	h.do("canbo", org.Found{ID: "org/tinh", Title: "Tỉnh ủy Mẫu", Kind: org.ProvinceCommittee, From: vn.MustDate("1990-01-01"),
		Decision: org.Decision{Number: "01-QĐ/TU (mẫu)", Date: vn.MustDate("1990-01-01"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}})
	if err := demo.SeedHall(t.Context(), h.desk, h.db); err != nil {
		t.Fatal(err)
	}
	err := h.desk.Read(t.Context(), func(tx *store.Tx) error {
		for _, login := range []string{"truongkp", "kiemphieu1", "kiemphieu2", "chutoa", "truongkp-tu", "kiemphieu1-tu", "kiemphieu2-tu"} {
			a, ok, err := account.ByLogin(t.Context(), tx, login)
			if err != nil || !ok {
				return fmt.Errorf("%s: %v %w", login, ok, err)
			}
			h.samples[login] = account.SampleAccount{ID: a.ID, Login: login}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) chain() *election.Chain { h.t.Helper(); return h.chainOf(demo.Provincial) }

func (h *house) chainOf(event string) *election.Chain {
	h.t.Helper()
	lib, err := rule.Builtin()
	var c *election.Chain
	if err == nil {
		err = h.desk.Read(context.Background(), func(tx *store.Tx) (err error) {
			c, err = election.LoadChain(context.Background(), tx, lib, event)
			return err
		})
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

// TestCongressBySeveralBrowsers plays the sample congress from its second count
// on, everybody at a browser of his own and all of them open at once: nobody
// outside the room sees a figure before the report, no display before the
// announcement, two officers on one form. How the congress comes to this count,
// and all that follows, is played by TestWholeCongressByScreens.
func TestCongressBySeveralBrowsers(t *testing.T) {
	h := congressHouse(t)
	root := browser(t)
	second, head, officer, other := h.sit(t, root, "kiemphieu2"), h.sit(t, root, "truongkp"), h.sit(t, root, "canbo"), h.sit(t, root, "canbo2")
	auditor, viewer := h.sit(t, root, "kiemtra"), h.sit(t, root, "")
	const box = demo.Provincial + "/ban-chap-hanh"

	second.open("/")
	second.says("Kiểm phiếu: Bầu ban chấp hành")
	second.open("/kiem-phieu/nhap/4/2/" + box)
	input := chromedp.CSS("#f-ballot")
	state := `document.getElementById('key-state').textContent`
	nothing := func(when string, who ...*seat) {
		t.Helper()
		for _, s := range who {
			for _, p := range []string{"/kiem-phieu/hop/" + box, "/kiem-phieu/bao-cao/" + box, "/kiem-phieu/chot/" + box, "/bau-cu/cuoc/" + box, "/hoi-truong/" + box} {
				text := s.open(p)
				if strings.Contains(text, "173") || strings.Contains(text, "trúng cử") || strings.Contains(text, "Phiếu hợp lệ") {
					t.Errorf("%s: %s is told figures at %s:\n%.600s", when, s.name, p, text)
				}
			}
		}
	}
	for i := range 44 {
		run(t, second.ctx, "a ballot", chromedp.SendKeys(input, demo.Struck(demo.LastPile+i)+"\r"))
		if i == 20 {
			nothing("while keying", auditor)
			head.open("/kiem-phieu/chot/" + box)
			head.says("Chưa có số liệu")
		}
	}
	waitFor(t, second.ctx, "all ballots kept", state, "✓ Đã lưu chắc 44 phiếu")
	run(t, second.ctx, "hand in", chromedp.Click(chromedp.CSS("#key-done")), ready("#cac-tap"))
	second.says("Khớp")

	head.open("/kiem-phieu/chot/" + box)
	head.says("344", "173")
	if problem := head.sends(`form[action^="/kiem-phieu/chot/"]`, nil); problem != "" {
		t.Fatal(problem)
	}
	nothing("closed, not reported", auditor, viewer)
	head.does("/kiem-phieu/bao-cao/"+box, `form[action^="/kiem-phieu/bao-cao/"]`, nil)
	viewer.open("/hoi-truong/" + box)
	viewer.says("Màn hình này chưa mở")
	officer.does("/bau-cu/cuoc/"+box, `form[action^="/bau-cu/cong-bo/"]`, nil)
	viewer.open("/hoi-truong/" + box)
	viewer.says("51", "344", "173")
	picture(t, viewer.ctx, "congress-hall")

	// The chain goes on by itself; two officers take the same step at once.
	programme := "/bau-cu/su-kien/" + demo.Provincial + "/chuong-trinh"
	skip := `form:has(input[name=skip][value="gioi-thieu-bi-thu"])`
	for _, s := range []*seat{officer, other} {
		s.open(programme)
		s.says("Bầu ban thường vụ")
	}
	if problem := officer.sends(skip, filled{"reason": "Đại hội không lấy phiếu giới thiệu (mẫu)"}); problem != "" {
		t.Fatal(problem)
	}
	if problem := other.sends(skip, filled{"reason": "Bỏ qua theo ý kiến đoàn chủ tịch"}); !strings.Contains(problem, "vừa được người khác thay đổi") || !strings.Contains(problem, "Cán bộ tổ chức (mẫu)") {
		t.Errorf("the second officer is told: %q", problem)
	}
	picture(t, other.ctx, "congress-two-officers")
	for _, s := range h.chain().Items[:3] {
		if want := map[string]election.State{"ban-chap-hanh": election.StateDone, "gioi-thieu-bi-thu": election.StateSkipped, "ban-thuong-vu": election.StateReady}[s.ID]; s.State != want {
			t.Errorf("%s is %s, want %s", s.ID, s.State, want)
		}
	}
}
