package regulation

import (
	"bytes"
	"fmt"
	"image"
	_ "image/jpeg" // scans come as JPEG
	_ "image/png"  // and as PNG

	"minhbach/internal/desk"
)

// MaxScan bounds the scan of a signed page, in bytes; MaxScanSide its sides in
// pixels.
const (
	MaxScan     = 8 << 20
	MaxScanSide = 20000
)

// ScanType looks at the bytes, never at the name, and says what a scan is:
// "application/pdf", "image/png" or "image/jpeg". Anything else is refused
// under the form field "scan".
func ScanType(data []byte) (string, error) {
	switch {
	case len(data) == 0:
		return "", desk.Wrong("scan", "Thiếu bản chụp trang văn bản đã ký (PDF, PNG hoặc JPEG).", "The scan of the signed page is missing (PDF, PNG or JPEG).")
	case len(data) > MaxScan:
		return "", desk.Wrong("scan", fmt.Sprintf("Bản chụp lớn hơn %d MiB. Hãy chụp ở độ phân giải thấp hơn (200 dpi là đủ).", MaxScan>>20),
			fmt.Sprintf("The scan is larger than %d MiB. Scan at a lower resolution (200 dpi is enough).", MaxScan>>20))
	case bytes.HasPrefix(data, []byte("%PDF-")):
		if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
			return "", cut
		}
		return "application/pdf", nil
	}
	cfg, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || (format != "png" && format != "jpeg") {
		return "", desk.Wrong("scan", "Tệp này không phải PDF, PNG hay JPEG. Hãy lưu bản chụp ở một trong ba dạng đó.",
			"This file is not PDF, PNG or JPEG. Save the scan in one of the three.")
	}
	if cfg.Width < 1 || cfg.Height < 1 || cfg.Width > MaxScanSide || cfg.Height > MaxScanSide {
		return "", desk.Wrong("scan", "Kích thước ảnh không hợp lý cho một trang giấy. Hãy chụp lại.", "The picture's size does not fit a sheet of paper. Scan again.")
	}
	if format == "png" && !bytes.Contains(data[max(0, len(data)-64):], []byte("IEND")) ||
		format == "jpeg" && !bytes.Contains(data[max(0, len(data)-4096):], []byte{0xFF, 0xD9}) {
		return "", cut
	}
	return "image/" + format, nil
}

var cut = desk.Wrong("scan", "Bản chụp bị đứt, thiếu phần cuối tệp. Hãy tải lên lại.", "The scan is cut off, its end is missing. Upload it again.")
