package document_test

import (
	"strings"
	"testing"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/document"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/vn"
)

// TestOldOwnTemplateIsTold: a template that an organisation made its own when
// minutes held less goes on being used, and what it leaves out is told before
// minutes are made from it; the shipped one and a whole own one leave out nothing.
func TestOldOwnTemplateIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		d := congress(t, db)
		day := vn.MustDate("2026-09-01")
		lacks := func() string {
			t.Helper()
			var out string
			if err := d.Read(t.Context(), func(tx *store.Tx) error {
				w, err := document.CountingMinutes.Lacks(t.Context(), tx, dhOrg, day)
				out = w.VI
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return out
		}
		use := func(raw []byte) {
			t.Helper()
			var file string
			if err := db.Write(t.Context(), func(tx *store.Tx) (err error) {
				file, err = store.PutBlob(t.Context(), tx, raw)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			desktest.Do(t, d, "officer", document.SetTemplate{Org: dhOrg, Slot: document.CountingMinutes.ID, File: file, Reason: "Mẫu của Đảng ủy"})
		}
		if got := lacks(); got != "" {
			t.Errorf("the shipped template: %s", got)
		}
		whole := must(document.MinutesTemplate())
		use(reworded(t, whole, "BIÊN BẢN", "BIÊN BẢN RIÊNG"))
		if got := lacks(); got != "" {
			t.Errorf("a whole template of its own: %s", got)
		}
		// One of before the list of settled sheets came to be.
		old := reworded(t, whole, "{{#to_quet}}{{tap}}", "-")
		old = reworded(t, old, "{{muc_nhat_ky}}{{/to_quet}}", "-")
		use(old)
		if got := lacks(); !strings.Contains(got, "Tờ phiếu quét do người kiểm phiếu xem và quyết định") || !strings.Contains(got, "không in phần đó") {
			t.Errorf("an old template: %q", got)
		}
		desktest.Do(t, d, "officer", document.SetTemplate{Org: dhOrg, Slot: document.CountingMinutes.ID, Reason: "Trả về mẫu có sẵn"})
		if got := lacks(); got != "" {
			t.Errorf("back to the shipped one: %s", got)
		}
	})
}
