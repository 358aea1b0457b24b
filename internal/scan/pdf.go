package scan

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"sync"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/filter"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/image/ccitt"
)

// noConfig keeps the library from making a settings folder in somebody's home.
var noConfig = sync.OnceFunc(api.DisableConfigDir)

func pdfPages(r io.ReaderAt, size int64, lim Limits, do func(int, func() *Page) error) error {
	if size > lim.PDF {
		return problem(nil, "Tệp PDF lớn quá %d MB: chia thành nhiều tệp, hoặc lưu TIFF.", "The PDF is larger than %d MB: split it or save TIFF", lim.PDF>>20)
	}
	ctx, bad := pdfOpen(r, size, lim)
	if bad != nil {
		return bad
	}
	if ctx.PageCount > lim.Pages {
		return problem(nil, "Tệp có hơn %d trang: chia thành nhiều tệp.", "The file has more than %d pages: split it", lim.Pages)
	}
	if ctx.PageCount < 1 {
		return problem(nil, "Tệp PDF không có trang nào.", "The PDF has no page")
	}
	for n := 1; n <= ctx.PageCount; n++ {
		open := func() (*Page, *Problem) { return nil, nil }
		if !lim.count {
			var bad *Problem
			if open, bad = safely(func() (func() (*Page, *Problem), *Problem) { return pdfPage(ctx, n, lim) }); bad != nil {
				open = func() (*Page, *Problem) { return nil, bad }
			}
		}
		if err := do(n, opener(n, lim, open)); err != nil {
			return err
		}
	}
	return nil
}

func pdfOpen(r io.ReaderAt, size int64, lim Limits) (ctx *model.Context, bad *Problem) {
	defer func() {
		if v := recover(); v != nil {
			ctx, bad = nil, problem(fmt.Errorf("decoder: %v", v), "Tệp PDF hỏng: quét lại.", "The PDF is damaged: scan again")
		}
	}()
	noConfig()
	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.EXTRACTIMAGES
	conf.ValidationMode = model.ValidationRelaxed
	conf.Offline = true
	conf.OptimizeResourceDicts = false
	conf.UnsupportedResourcePolicy = model.UnsupportedResourceFail
	conf.Limits = model.ResourceLimits{
		MaxStreamBytes: min(size, 256<<20), MaxDecodeBytes: int64(lim.Pixels)*4 + 1<<20,
		MaxImagePixels: int64(lim.Pixels), MaxImageBytes: int64(lim.Pixels)*4 + 1<<20,
		MaxObjectCount: 500_000, MaxObjectStreamCount: 100_000, MaxObjectStreamFirst: 4 << 20,
		MaxXRefEntries: 500_000, MaxRecursionDepth: 60,
	}
	file := io.NewSectionReader(timed(r, Limits{Time: 3 * lim.Time}), 0, size)
	ctx, err := api.ReadValidateAndOptimize(file, conf)
	if errors.Is(err, pdfcpu.ErrWrongPassword) || err != nil && ctx != nil && ctx.Encrypt != nil {
		return nil, problem(err, "Tệp PDF có mật khẩu: lưu lại không đặt mật khẩu.", "The PDF has a password: save it without one")
	}
	if err != nil {
		return nil, problem(err, "Tệp PDF hỏng hoặc không đọc được: quét lại, lưu TIFF hoặc JPEG.", "The PDF is damaged or cannot be read: scan again, save TIFF or JPEG")
	}
	return ctx, nil
}

// pdfPage takes the one large picture of a page. What still touches the library's
// own tables is done here; what it gives back opens bytes alone.
func pdfPage(ctx *model.Context, n int, lim Limits) (func() (*Page, *Problem), *Problem) {
	var best *types.StreamDict
	var num, w, h, others int
	for _, obj := range pdfcpu.ImageObjNrs(ctx, n) {
		o := ctx.Optimize.ImageObjects[obj]
		if o == nil || o.ImageDict == nil {
			continue
		}
		iw, ih := o.ImageDict.IntEntry("Width"), o.ImageDict.IntEntry("Height")
		if iw == nil || ih == nil || *iw < 1 || *ih < 1 || *iw > 1<<30 || *ih > 1<<30 {
			continue
		}
		if *iw < 300 || *ih < 300 { // an ornament or a stamp of the scanner
			continue
		}
		if best != nil {
			others++
		}
		if best == nil || *iw**ih > w*h {
			best, num, w, h = o.ImageDict, obj, *iw, *ih
		}
	}
	switch {
	case best == nil:
		return nil, problem(nil, "Trang PDF này không phải ảnh quét: quét tờ phiếu giấy rồi nộp ảnh.", "This PDF page is no scan: scan the paper ballot")
	case others > 0:
		return nil, problem(nil, "Trang PDF này ghép từ nhiều ảnh: trên máy quét hãy tắt “nén cao / compact PDF” rồi quét lại.", "This PDF page is put together from several pictures: turn off compact PDF on the scanner and scan again")
	}
	if bad := bounded(w, h, lim); bad != nil {
		return nil, bad
	}
	picture, bad := pdfPicture(ctx, best, num, w, h, lim)
	best.Content = nil // one page in memory at a time
	if bad != nil {
		return nil, bad
	}
	dpi := 0.0
	if dims, err := ctx.PageDims(); err == nil && n <= len(dims) && dims[n-1].Width > 0 {
		if short, long := min(dims[n-1].Width, dims[n-1].Height), max(dims[n-1].Width, dims[n-1].Height); long > 0 {
			a, b := float64(min(w, h))*72/short, float64(max(w, h))*72/long
			if a/b > 0.98 && a/b < 1.02 { // the picture is the page
				dpi = sane((a + b) / 2)
			}
		}
	}
	return func() (*Page, *Problem) {
		p, bad := picture()
		if bad == nil && p.DPI == 0 {
			p.DPI = dpi
		}
		return p, bad
	}, nil
}

// pdfPicture is how the picture of a page is opened. Samples that are packed in
// no picture format are opened at once, which the library does with its tables.
func pdfPicture(ctx *model.Context, sd *types.StreamDict, num, w, h int, lim Limits) (func() (*Page, *Problem), *Problem) {
	last := ""
	var parms types.Dict
	if n := len(sd.FilterPipeline); n > 0 {
		last, parms = sd.FilterPipeline[n-1].Name, sd.FilterPipeline[n-1].DecodeParms
	}
	asJPEG := func(data []byte) func() (*Page, *Problem) {
		return func() (*Page, *Problem) {
			return jpegPage(timed(bytes.NewReader(data), lim), int64(len(data)), lim)
		}
	}
	switch last {
	case filter.JBIG2:
		return nil, errJBIG2()
	case filter.JPX:
		return nil, errJPEG2000()
	case filter.CCITTFax:
		if len(sd.FilterPipeline) == 1 {
			return pdfFax(sd, parms, w, h)
		}
	case filter.DCT:
		if len(sd.FilterPipeline) == 1 {
			return asJPEG(sd.Raw), nil
		}
	case "", filter.Flate, filter.LZW, filter.RunLength:
		if len(sd.FilterPipeline) == 0 {
			sd.Content = sd.Raw
		} else if err := sd.Decode(); err != nil {
			return nil, broken(err)
		}
		if open := plainPicture(ctx, sd, w, h); open != nil {
			return open, nil
		}
	default:
		return nil, problem(nil, "Ảnh trong PDF nén kiểu %s không đọc được: trên máy quét hãy chọn JPEG hoặc TIFF rồi quét lại.", "The picture in the PDF is packed as %s, which is not read: choose JPEG or TIFF on the scanner and scan again", last)
	}
	img, err := pdfcpu.ExtractImage(ctx, sd, false, "", num, false)
	if err != nil || img == nil || img.Reader == nil {
		return nil, broken(err)
	}
	data, err := io.ReadAll(io.LimitReader(img.Reader, int64(lim.Pixels)*4+1<<20))
	if err != nil {
		return nil, broken(err)
	}
	switch img.FileType {
	case "jpg":
		return asJPEG(data), nil
	case "png":
		return func() (*Page, *Problem) {
			m, err := png.Decode(bytes.NewReader(data))
			if err != nil {
				return nil, broken(err)
			}
			return &Page{Gray: Gray(m)}, nil
		}, nil
	}
	return nil, problem(nil, "Ảnh trong PDF (%s) không đọc được: quét lại, chọn màu xám hoặc đen trắng.", "The picture in the PDF (%s) is not read: scan again in grey or black and white", img.FileType)
}

// pdfFax opens a picture packed as fax: what office scanners write of black
// and white.
func pdfFax(sd *types.StreamDict, parms types.Dict, w, h int) (func() (*Page, *Problem), *Problem) {
	number := func(key string, def int) int {
		if v := parms.IntEntry(key); v != nil {
			return *v
		}
		return def
	}
	flag := func(key string) bool { v := parms.BooleanEntry(key); return v != nil && *v }
	if c := number("Columns", 1728); c != w {
		return nil, broken(fmt.Errorf("fax of %d columns in a picture of %d", c, w))
	}
	format := ccitt.Group4
	switch k := number("K", 0); {
	case k > 0:
		return nil, problem(nil, "Ảnh nén fax G3 hai chiều: trên máy quét hãy chọn G4 hoặc JPEG rồi quét lại.", "The picture is packed as two-dimensional fax G3: choose G4 or JPEG on the scanner and scan again")
	case k == 0:
		format = ccitt.Group3
	}
	// In fax white is 0; PDF turns that about unless BlackIs1, and Decode again.
	invert := flag("BlackIs1")
	if d := sd.ArrayEntry("Decode"); len(d) == 2 && fmt.Sprint(d[0]) >= "1" {
		invert = !invert
	}
	data, opt := sd.Raw, &ccitt.Options{Align: flag("EncodedByteAlign"), Invert: invert}
	return func() (*Page, *Problem) {
		g := image.NewGray(image.Rect(0, 0, w, h))
		if err := ccitt.DecodeIntoGray(g, bytes.NewReader(data), ccitt.MSB, format, opt); err != nil {
			return nil, broken(err)
		}
		return &Page{Gray: g, Bitonal: true}, nil
	}, nil
}

// plainPicture opens grey and colour samples without a detour; nil for what is
// less usual.
func plainPicture(ctx *model.Context, sd *types.StreamDict, w, h int) func() (*Page, *Problem) {
	bits := sd.IntEntry("BitsPerComponent")
	if m := sd.BooleanEntry("ImageMask"); m != nil && *m || bits == nil || sd.Dict.HasEntry("SMask") || sd.Dict.HasEntry("Mask") {
		return nil
	}
	cs, err := pdfcpu.ColorSpaceString(ctx, sd)
	if err != nil {
		return nil
	}
	comp, err := pdfcpu.ColorSpaceComponents(ctx.XRefTable, sd)
	if err != nil || cs == model.IndexedCS || cs == model.SeparationCS || cs == model.DeviceNCS {
		return nil
	}
	invert := false
	if d := sd.ArrayEntry("Decode"); d != nil {
		if comp != 1 || len(d) != 2 {
			return nil
		}
		invert = fmt.Sprint(d[0]) >= "1"
	}
	data, depth := sd.Content, *bits
	switch {
	case comp == 1 && depth == 8 && len(data) >= w*h:
	case comp == 1 && depth == 1 && len(data) >= (w+7)/8*h:
	case comp == 3 && depth == 8 && len(data) >= 3*w*h:
	default:
		return nil
	}
	return func() (*Page, *Problem) {
		g := image.NewGray(image.Rect(0, 0, w, h))
		switch {
		case comp == 3:
			for i := range g.Pix {
				g.Pix[i] = uint8((19595*uint32(data[3*i]) + 38470*uint32(data[3*i+1]) + 7471*uint32(data[3*i+2]) + 1<<15) >> 16)
			}
		case depth == 8:
			copy(g.Pix, data)
		default:
			for y := range h {
				row := data[y*((w+7)/8):]
				for x := range w {
					g.Pix[y*w+x] = 255 * (row[x>>3] >> (7 - x&7) & 1)
				}
			}
		}
		if invert {
			for i := range g.Pix {
				g.Pix[i] = ^g.Pix[i]
			}
		}
		return &Page{Gray: g, Bitonal: depth == 1}, nil
	}
}
