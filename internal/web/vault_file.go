package web

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vault"
)

// Uploaded is one file of a form: kept in the vault, or why not.
type Uploaded struct {
	Name string // as the browser named it, without folders; for reading only
	File vault.File
	No   *desk.Error // why it was not taken; then nothing of it is kept
}

// maxValue bounds one field of a form beside its files, maxFiles their number.
const (
	maxValue = 1 << 20
	maxFiles = 100
)

// PostFiles reads a posted form with files in one field and puts each file into
// the vault of owner as it arrives, so that no more than one is in memory and
// none ever lies unencrypted on the disk. The caller has asked before whether
// the person may attach files there, and gives the route a maxBody. What no act
// then names is swept after a day.
func (c *Call) PostFiles(owner, field string) (*Form, []Uploaded, error) {
	mr, err := c.R.MultipartReader()
	if err != nil {
		f, err := c.PostForm() // a form without files
		return f, nil, err
	}
	values := url.Values{}
	var files []Uploaded
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, badUpload(err)
		}
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, maxValue+1))
			if err != nil {
				return nil, nil, badUpload(err)
			}
			if len(text) > maxValue || len(values) > 500 {
				return nil, nil, desk.Wrong(part.FormName(), "Nội dung gửi lên quá lớn.", "What was sent is too large.")
			}
			if part.FormName() != field { // an empty file field
				values.Add(part.FormName(), string(text))
			}
			continue
		}
		if part.FormName() != field || len(files) >= maxFiles {
			return nil, nil, desk.Wrong(field, fmt.Sprintf("Mỗi lần gửi tối đa %d tệp.", maxFiles), fmt.Sprintf("At most %d files at once.", maxFiles))
		}
		content, err := io.ReadAll(io.LimitReader(part, vault.MaxFile+1))
		if err != nil {
			return nil, nil, badUpload(err)
		}
		up := Uploaded{Name: fileName(part.FileName())}
		if up.File, err = c.Keep(owner, content); err != nil {
			var no *desk.Error
			if !errors.As(err, &no) {
				return nil, nil, err
			}
			up.No = no
		}
		files = append(files, up)
	}
	f, err := formOf(values)
	return f, files, err
}

func badUpload(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return desk.Wrong("file", fmt.Sprintf("Các tệp gửi một lần không quá %d MB; hãy gửi thành nhiều lần.", big.Limit>>20),
			fmt.Sprintf("The files sent at once may not exceed %d MB; send them in several goes.", big.Limit>>20))
	}
	return desk.Wrong("file", "Việc gửi tệp bị đứt giữa chừng; chưa có gì được ghi. Hãy gửi lại.", "The upload broke off; nothing was recorded. Send it again.")
}

// Keep puts content into the vault of owner in a transaction of its own.
func (c *Call) Keep(owner string, content []byte) (f vault.File, err error) {
	err = c.s.db.Write(c.Ctx(), func(tx *store.Tx) error {
		f, err = c.s.vault.Put(c.Ctx(), tx, owner, content, c.s.clock())
		return err
	})
	return f, err
}

// SendFile shows a file of the vault: the view stands in the read log of owner,
// with what (which says the paper and the purpose), before a byte leaves.
// Pictures and PDF open in the browser when inline, everything else is saved.
func (c *Call) SendFile(owner, hash, name, what string, inline bool) error {
	var content []byte
	var f vault.File
	if err := c.Read(func(tx *store.Tx) (err error) {
		content, f, err = c.s.vault.Get(c.Ctx(), tx, owner, hash)
		return err
	}); err != nil {
		return err
	}
	if err := c.Viewed(owner, what); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", f.Kind.Media())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "private, no-store")
	way := "attachment"
	if inline && (f.Kind.Picture() || f.Kind == vault.PDF) {
		way = "inline"
	}
	if f.Kind != vault.PDF { // browsers do not draw a sandboxed PDF; it cannot reach the page either way
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	}
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": strings.TrimSuffix(fileName(name), f.Kind.Ext()) + f.Kind.Ext()}))
	_, err := c.W.Write(content)
	return err
}

// fileName is a name fit to be shown and saved under: no folder, no control
// signs, bounded.
func fileName(name string) string {
	name = strings.ToValidUTF8(name, "?")
	if at := strings.LastIndexAny(name, `/\`); at >= 0 {
		name = name[at+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '"' || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name)
	for utf8.RuneCountInString(name) > 120 {
		_, n := utf8.DecodeRuneInString(name)
		name = name[n:] // the end with the ending stays
	}
	if name = strings.TrimSpace(strings.TrimLeft(name, ".")); name == "" {
		name = "tep"
	}
	return name
}
