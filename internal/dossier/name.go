package dossier

import (
	"fmt"
	"strings"

	"minhbach/internal/vn"
)

// FolderName is the name of a member's folder of scans:
// [M1].[M2].[M3].[M4].[M5]_[identity number]_[FullName]; what is not on record
// is named in missing.
func FolderName(code, identity, name string) (folder string, missing []string) {
	for _, p := range []struct{ part, what string }{{code, "code"}, {identity, "identity"}, {name, "name"}} {
		if strings.TrimSpace(p.part) == "" {
			missing = append(missing, p.what)
		}
	}
	return fmt.Sprintf("%s_%s_%s", strings.TrimSpace(code), strings.TrimSpace(identity), strings.ReplaceAll(plain(name), "_", "")), missing
}

// FileName is the name of a scan in the folder: [STT].[Ten_tai_lieu][.SoThuTu]
// with its ending; n counts from 1 where a paper has several scans, else 0.
func FileName(p Paper, n int, ext string) string {
	title := p.Title
	if title == "" {
		if k, ok := KindOf(p.Kind); ok {
			title = k.VI
		}
	}
	name := fmt.Sprintf("%02d.%s", p.Kind, cut(plain(title), 80))
	if n > 0 {
		name += fmt.Sprintf(".%d", n)
	}
	return name + ext
}

func cut(s string, most int) string {
	if len(s) > most {
		s = strings.TrimRight(s[:most], "_")
	}
	return s
}

// plain is text without marks, each word with a capital, parted by "_": fit for
// every file system and every old unpacker.
func plain(text string) string {
	var words []string
	for _, w := range strings.FieldsFunc(vn.Fold(text), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		words = append(words, strings.ToUpper(w[:1])+w[1:])
	}
	return strings.Join(words, "_")
}

// ReadName reads kind and title out of a file name of that scheme, "07.
// Quyet_dinh_cong_nhan.pdf"; false when it does not begin with a kind's number.
func ReadName(name string) (kind int, title string, ok bool) {
	head, rest, found := strings.Cut(name, ".")
	head = strings.TrimSpace(head)
	if !found || len(head) < 2 || len(head) > 3 {
		return 0, "", false
	}
	for _, r := range head {
		if r < '0' || r > '9' {
			return 0, "", false
		}
		kind = kind*10 + int(r-'0')
	}
	if _, known := KindOf(kind); !known || len(head) == 3 && kind < 100 {
		return 0, "", false
	}
	if at := strings.LastIndexByte(rest, '.'); at >= 0 {
		rest = rest[:at] // the ending
	}
	if at := strings.LastIndexByte(rest, '.'); at >= 0 && strings.Trim(rest[at+1:], "0123456789") == "" {
		rest = rest[:at] // the running number
	}
	return kind, strings.TrimSpace(strings.ReplaceAll(rest, "_", " ")), true
}
