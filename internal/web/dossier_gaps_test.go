package web

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"minhbach/internal/desk"
	"minhbach/internal/dossier"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/vn"
)

// The list of what files lack by its page: of more than a thousand it says so
// and can be turned; who may read one commune's files sees and counts those
// alone, in whatever order and under whatever unit they ask.
func TestListOfGapsByItsPage(t *testing.T) {
	h := newHouse(t)
	h.seed()
	for _, n := range []string{"1", "2"} {
		h.do("canbo", org.Found{ID: "org/phuong-" + n, Title: "Đảng ủy phường " + n + " (mẫu)", Kind: org.Grassroots, Parent: "org/tinh", From: vn.MustDate("2000-01-01"), Decision: org.Decision{Number: "12-QĐ/TU", Date: vn.MustDate("2000-01-01"), By: "Ban Thường vụ Tỉnh ủy (mẫu)"}})
	}
	const many = 1010
	var done sync.WaitGroup
	for part := range 10 {
		done.Go(func() {
			for i := part; i < many; i += 10 {
				act := person.Record{ID: fmt.Sprintf("person/n%04d", i), Home: "org/tinh", Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: fmt.Sprintf("Lê Văn Số %04d", i)}}
				if _, err := h.desk.Do(context.Background(), desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: h.samples["canbo"].ID, Act: act}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done.Wait()
	for _, x := range [][2]string{{"person/xa-mot", "Phạm Thị Xã Một"}, {"person/xa-hai", "Bùi Văn Xã Hai"}} {
		home := map[string]string{"person/xa-mot": "org/phuong-1", "person/xa-hai": "org/phuong-2"}[x[0]]
		h.do("canbo", person.Record{ID: x[0], Home: home, Sample: true, From: vn.MustDate("2000-01-01"), Identity: person.Identity{Name: x[1]}})
		h.do("canbo", dossier.Open{Person: x[0], Home: home, Class: dossier.Internal, Custodian: home, From: vn.MustDate("2020-01-01"), Hands: dossier.Grounds{Receiver: "A"}})
		h.do("canbo", dossier.Put{Person: x[0], Home: home, Items: []dossier.Item{{State: dossier.Missing, Paper: dossier.Paper{Kind: 2}}}})
	}
	v := h.as("canbo")
	first := v.get("/ho-so-thieu")
	if text := first.text(); !strings.Contains(text, "1 – 50 trong hơn 1.000") || !strings.Contains(text, "trên 1.014 hồ sơ") {
		t.Errorf("the first page: %s", text)
	}
	if text := v.get("/ho-so-thieu?xep=thieu").text(); !strings.Contains(text, "Xã Một") || !strings.Contains(text, "Xã Hai") {
		t.Errorf("most missing first: %s", text)
	}
	if text := v.get("/ho-so-thieu?tu=1000").text(); !strings.Contains(text, "1.001 – 1.014 trong") || strings.Contains(text, "Trang sau") {
		t.Errorf("the last page: %s", text)
	}
	if text := v.get("/ho-so-thieu?thieu=missing").text(); !strings.Contains(text, "Xã Một") || strings.Contains(text, "Số 0001") {
		t.Errorf("what is missing: %s", text)
	}

	w := h.officerOf("org/phuong-1")
	for _, xep := range append(slices.Collect(maps.Keys(gapOrders)), "") {
		for _, unit := range []string{"org/tinh", "org/phuong-1", ""} {
			text := w.get("/ho-so-thieu?thieu=all&don-vi=" + unit + "&xep=" + xep).text()
			if unit != "" && !strings.Contains(text, "Xã Một") || strings.Contains(text, "Xã Hai") || strings.Contains(text, "Số 0001") || !strings.Contains(text, "0 trên 1 hồ sơ") && unit != "" {
				t.Errorf("under %q by %q, with the right over one commune: %s", unit, xep, text)
			}
		}
		if text := w.get("/ho-so-thieu?thieu=all&don-vi=org/phuong-2&xep=" + xep).text(); strings.Contains(text, "Xã Hai") || !strings.Contains(text, "0 trên 0 hồ sơ") {
			t.Errorf("another commune: %s", text)
		}
	}
}
