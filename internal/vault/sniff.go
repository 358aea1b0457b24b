package vault

import (
	"archive/zip"
	"bytes"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"path"
	"strings"

	"golang.org/x/image/tiff"

	"minhbach/internal/desk"
)

// Kind is what a file is by its content.
type Kind string

// The kinds taken.
const (
	PDF  Kind = "pdf"
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	TIFF Kind = "tiff"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
)

// Media is the media type to send a file with.
func (k Kind) Media() string {
	switch k {
	case PDF:
		return "application/pdf"
	case JPEG, PNG, TIFF:
		return "image/" + string(k)
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/octet-stream"
}

// Ext is the ending of its name, with the dot.
func (k Kind) Ext() string {
	if k == JPEG {
		return ".jpg"
	}
	return "." + string(k)
}

// Picture says whether browsers show it as an image.
func (k Kind) Picture() bool { return k == JPEG || k == PNG }

// Bounds on what a file may claim, before anything of it is unpacked.
const (
	maxSide    = 30_000      // pixels of one side
	maxPixels  = 200_000_000 // of one picture
	maxParts   = 5_000       // of a Word or Excel file
	maxInflate = 512 << 20   // bytes of all its parts
	maxRatio   = 200         // unpacked against packed, above a slack
	slack      = 4 << 20
)

// Sniff tells the kind from the content and refuses what is none of those
// taken, what is not whole, and what claims to be larger than any paper: the
// next reader of the file is a person with an old office program.
func Sniff(content []byte) (Kind, error) {
	switch {
	case len(content) == 0:
		return "", desk.Wrong("file", "Tệp trống.", "The file is empty.")
	case len(content) > MaxFile:
		return "", desk.Wrong("file", "Tệp lớn quá 48 MB: quét ở 200–300 dpi, hoặc chia thành nhiều tệp.", "The file is larger than 48 MB: scan at 200–300 dpi, or split it.")
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return PDF, whole(pdf(content))
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		c, err := jpeg.DecodeConfig(bytes.NewReader(content))
		return JPEG, whole(picture(c.Width, c.Height, err))
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		c, err := png.DecodeConfig(bytes.NewReader(content))
		return PNG, whole(picture(c.Width, c.Height, err))
	case bytes.HasPrefix(content, []byte("II*\x00")), bytes.HasPrefix(content, []byte("MM\x00*")):
		c, err := tiff.DecodeConfig(bytes.NewReader(content))
		return TIFF, whole(picture(c.Width, c.Height, err))
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return office(content)
	}
	return "", desk.Wrong("file", "Chỉ nhận PDF, JPEG, PNG, TIFF, DOCX, XLSX; nội dung tệp này là loại khác (tên tệp không quyết định).", "Only PDF, JPEG, PNG, TIFF, DOCX and XLSX are taken; the content of this file is something else (its name does not count).")
}

var errHuge = errors.New("vault: claims more than it may")

func whole(err error) error {
	var no *desk.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &no):
		return no
	case errors.Is(err, errHuge):
		return desk.Wrong("file", "Tệp khai kích thước lớn quá mức một tờ giấy có thể có; hãy quét lại ở 200–300 dpi.", "The file claims a size that no sheet of paper has; scan it again at 200–300 dpi.")
	}
	return desk.Wrong("file", "Tệp hỏng hoặc không trọn vẹn; hãy quét hoặc lưu lại.", "The file is damaged or not whole; scan or save it again.")
}

// pdf wants the trailer that a whole file ends with, and refuses a lock: a
// paper that nobody can open in ten years is not kept.
func pdf(content []byte) error {
	tail := content[max(0, len(content)-2048):]
	if !bytes.Contains(tail, []byte("%%EOF")) || !bytes.Contains(tail, []byte("startxref")) {
		return errors.New("vault: no trailer")
	}
	if at := bytes.LastIndex(content, []byte("trailer")); at >= 0 && bytes.Contains(content[at:], []byte("/Encrypt")) {
		return desk.Wrong("file", "PDF này có khóa mật khẩu; hãy bỏ mật khẩu rồi tải lại.", "This PDF is locked; remove its password and upload it again.")
	}
	return nil
}

func picture(w, h int, err error) error {
	switch {
	case err != nil:
		return err
	case w <= 0 || h <= 0:
		return errors.New("vault: an empty picture")
	case w > maxSide || h > maxSide || w*h > maxPixels:
		return errHuge
	}
	return nil
}

// office opens a Word or Excel file as a hostile zip: names, counts and sizes
// first, then every part is unpacked and counted, for what it claims may lie.
func office(content []byte) (Kind, error) {
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) || z == nil {
		return "", whole(errors.New("vault: not a zip"))
	}
	if len(z.File) > maxParts {
		return "", whole(errHuge)
	}
	has := map[string]bool{}
	var claims uint64
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		if bad := name == "" || strings.ContainsAny(name, "\\\x00") || strings.HasPrefix(name, "/") || path.Clean(name) != strings.TrimSuffix(name, "/") || strings.HasPrefix(name, ".."); bad {
			return "", desk.Wrong("file", "Trong tệp có tên đường dẫn không an toàn; hãy mở bằng Word hoặc Excel rồi lưu lại.", "The file holds an unsafe path; open it in Word or Excel and save it again.")
		}
		if strings.HasSuffix(name, "vbaproject.bin") {
			return "", desk.Wrong("file", "Tệp có macro; hãy lưu lại dạng .docx hoặc .xlsx không macro.", "The file holds macros; save it as .docx or .xlsx without them.")
		}
		if f.Flags&1 != 0 {
			return "", desk.Wrong("file", "Tệp có mật khẩu; hãy bỏ mật khẩu rồi tải lại.", "The file is locked; remove its password and upload it again.")
		}
		if f.Method != zip.Store && f.Method != zip.Deflate {
			return "", whole(errors.New("vault: packed in an unknown way"))
		}
		claims += min(f.UncompressedSize64, maxInflate+1)
		if claims > maxInflate || f.UncompressedSize64 > slack && f.UncompressedSize64/maxRatio > f.CompressedSize64 {
			return "", whole(errHuge)
		}
		has[name] = true
	}
	kind := Kind("")
	switch {
	case has["[content_types].xml"] && has["word/document.xml"]:
		kind = DOCX
	case has["[content_types].xml"] && has["xl/workbook.xml"]:
		kind = XLSX
	default:
		return "", desk.Wrong("file", "Đây là tệp nén, không phải tài liệu Word (.docx) hay bảng Excel (.xlsx); hãy tải từng tài liệu.", "This is an archive, not a Word (.docx) or Excel (.xlsx) file; upload the documents one by one.")
	}
	left := int64(maxInflate)
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return "", whole(err)
		}
		bound := min(left, int64(f.UncompressedSize64)) // claims were checked: it is below maxInflate
		n, err := io.Copy(io.Discard, io.LimitReader(r, bound+1))
		r.Close()
		if err != nil {
			return "", whole(err)
		}
		if n > bound {
			return "", whole(errHuge)
		}
		left -= n
	}
	return kind, nil
}
