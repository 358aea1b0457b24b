package bundle

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"minhbach/internal/ledger"
)

type erasedBody struct {
	Entry    int64  `json:"entry"`
	Block    string `json:"block"`
	Decision string `json:"decision"`
}

// erasure notes which block an entry says was lawfully erased.
func (w *walker) erasure(e ledger.Entry) {
	var b erasedBody
	if err := json.Unmarshal(e.Body, &b); err != nil || b.Entry < 0 || b.Entry >= e.Index || b.Decision == "" {
		w.blocks.fail(Failure{e.Index, "", say("mục xóa không nêu rõ khối nào, theo quyết định nào", "it does not say which block was erased and by which decision")})
		return
	}
	w.erased[blockKey(b.Entry, b.Block)] = e.Index
}

// open notes the entries whose sealed blocks an entry opened.
func (w *walker) open(e ledger.Entry) {
	var b struct {
		Entries []int64 `json:"entries"`
	}
	if err := json.Unmarshal(e.Body, &b); err != nil {
		w.blocks.fail(Failure{e.Index, "", say("mục mở niêm phong không nêu rõ các mục được mở", "it does not say which sealed entries it opens")})
		return
	}
	if w.opened == nil {
		w.opened = map[int64]bool{}
	}
	for _, i := range b.Entries {
		w.opened[i] = true
	}
}

// restored checks that the log continues the one it was restored from.
func (w *walker) restored(e ledger.Entry) {
	var b struct {
		Size int64  `json:"size"`
		Root string `json:"root"`
		Code string `json:"code"`
		Key  string `json:"key"`
	}
	err := json.Unmarshal(e.Body, &b)
	root, rerr := unhex(b.Root)
	if err != nil || rerr != nil || b.Size > e.Index || b.Code != (ledger.Checkpoint{Size: b.Size, Root: root}).PaperCode() ||
		w.leavesIn != nil && (b.Size != e.Index || hex.EncodeToString(w.before[:]) != b.Root) {
		w.verifier.tree.fail(Failure{e.Index, "", say("nhật ký phục hồi không nối tiếp điểm chứng mà mục này nêu", "the restored log does not continue the checkpoint that this entry names")})
		return
	}
	fp, err := ledger.Fingerprint(b.Key)
	if err != nil {
		fp = "?"
	}
	w.report.Notes = append(w.report.Notes, say("mục %d: nhật ký được phục hồi từ bản sao lưu có %d mục, khóa trước đó %s", "entry %d: the log was restored from a backup of %d entries, its key before was %s", e.Index, b.Size, fp))
}

// absent explains every block that is missing: erased by an entry, or withheld
// in a bundle that says it is redacted. A block that was erased and is there
// all the same was not erased.
func (w *walker) absent() {
	for _, m := range w.missing {
		key := blockKey(m.Entry, m.Name)
		by, ok := w.erased[key]
		if ok {
			m.Erased = by
		} else if strings.HasPrefix(m.Name, sealedPrefix) && !w.opened[m.Entry] {
			// sealed, and nothing here opened it: its hash stands for it
		} else if hidden := w.manifest.Withheld; hidden != nil && !hidden.Hides(m.Class) && !w.spoiled {
			w.blocks.fail(Failure{m.Entry, fileBlocks, say("thiếu khối “%s”: bản kê không ghi nhóm này (%s) được che", "the block %q is missing: the manifest does not say that its class (%s) is withheld", clip(m.Name), m.Class)})
		} else if !w.manifest.Redacted && !w.spoiled { // a changed entry may be the one that erased it
			w.blocks.fail(Failure{m.Entry, fileBlocks, say("thiếu khối “%s”, không có mục nào cho xóa", "the block %q is missing, and no entry erased it", clip(m.Name))})
		}
		w.report.Missing = append(w.report.Missing, m)
	}
	w.hidden()
	w.tooEarly()
	for key, by := range w.erased {
		if w.here[key] {
			w.blocks.fail(Failure{by, fileBlocks, say("khối đã ghi là xóa vẫn còn trong gói", "the block it erased is still in the bundle")})
		}
	}
}

// hidden says what a redacted bundle withholds, by class, and why.
func (w *walker) hidden() {
	if w.manifest.Withheld == nil {
		return
	}
	n := map[Class]int{}
	for _, m := range w.report.Missing {
		if m.Erased < 0 {
			n[m.Class]++
		}
	}
	var list []string
	for _, c := range w.manifest.Withheld.Classes {
		list = append(list, fmt.Sprintf("%s %d", c, n[c]))
	}
	reason := clip(w.manifest.Withheld.Reason)
	w.report.Notes = append(w.report.Notes, say("gói che nội dung cá nhân theo nhóm: %s; mục đích: %s; lý do: %s", "the bundle withholds personal content by class: %s; purpose: %s; reason: %s",
		strings.Join(list, ", "), clip(w.manifest.Withheld.Purpose), reason))
}

// tooEarly tells sealed blocks that the bundle carries although nothing in it
// opened them: what they say is true to the log, but was not to be given out
// yet.
func (w *walker) tooEarly() {
	var early []string
	n := 0
	for _, i := range w.sealedHere {
		if w.opened[i] {
			continue
		}
		if n++; n <= 20 {
			early = append(early, strconv.FormatInt(i, 10))
		}
	}
	if n == 0 {
		return
	}
	list := strings.Join(early, ", ")
	if n > len(early) {
		list += ", …"
	}
	w.report.Notes = append(w.report.Notes, say("gói mang nội dung còn niêm phong của %d mục (%s): trong gói không có mục nào mở niêm phong, nội dung này lẽ ra chưa được đưa ra",
		"the bundle carries the content of %d entries that is still sealed (%s): no entry in it opens them, so it should not have been given out yet", n, list))
}
