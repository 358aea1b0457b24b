package bundle

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"minhbach/internal/ledger"
)

const usage = `minhbach-verify BUNDLE [--key VKEY] [--paper CODE]…

Kiểm tra một gói kiểm chứng (tệp zip hoặc thư mục; "-" đọc từ đầu vào chuẩn) mà
không cần máy chủ. --key là khóa kiểm của nhật ký, --paper là mã trên giấy in
trên giấy đã ký; cả hai phải lấy từ nơi khác, không phải từ chính gói này.

Checks a bundle (a zip file or a folder; "-" reads standard input) without the
server. --key is the verifier key of the log, --paper a checkpoint code from a
signed paper; both must come from elsewhere than the bundle.

Exit: 0 verified, 1 not verified, 2 wrong use, 3 consistent but not anchored.
`

// maxStdin bounds a bundle that comes on standard input.
const maxStdin = 2 << 30

// Main is the command minhbach-verify, and "minhbach verify": arguments without
// the program's name, the exit status as the result.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	path, opt, err := parseArgs(args)
	if errors.Is(err, errHelp) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	if err != nil {
		fmt.Fprintf(stderr, "minhbach-verify: %v\n", err)
		return 2
	}
	files, err := openArg(path, stdin)
	var damaged *formatError
	if errors.As(err, &damaged) {
		fmt.Fprintf(stdout, "FAIL  format     %s\nnot verified: %s\n", clip(damaged.Error()), clip(damaged.Error()))
		return 1
	}
	if err != nil {
		fmt.Fprintf(stderr, "minhbach-verify: không mở được gói / cannot open the bundle: %v\n", err)
		return 2
	}
	defer files.Close()
	report := Verify(files, opt)
	if err := report.Print(stdout); err != nil {
		fmt.Fprintf(stderr, "minhbach-verify: %v\n", err)
		return 2
	}
	return report.ExitCode()
}

var errHelp = errors.New("help")

func parseArgs(args []string) (path string, opt Options, err error) {
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		switch {
		case name == "--help" || name == "-h":
			return "", opt, errHelp
		case name == "--key" || name == "--paper":
			if !joined {
				if i++; i == len(args) {
					return "", opt, fmt.Errorf("thiếu giá trị sau %s / a value is missing after %s", name, name)
				}
				value = args[i]
			}
			if err := opt.take(name, strings.TrimSpace(value)); err != nil {
				return "", opt, err
			}
		case strings.HasPrefix(name, "-") && name != "-":
			return "", opt, fmt.Errorf("không có lựa chọn %s / there is no option %s; --help", clip(name), clip(name))
		case path != "":
			return "", opt, errors.New("chỉ kiểm tra từng gói một / one bundle at a time")
		default:
			path = args[i]
		}
	}
	if path == "" {
		return "", opt, errors.New("thiếu tên gói cần kiểm tra / name the bundle to check; --help")
	}
	return path, opt, nil
}

func (o *Options) take(name, value string) error {
	if name == "--key" {
		if _, err := note.NewVerifier(value); err != nil {
			return fmt.Errorf("--key: không phải khóa kiểm của nhật ký / not a verifier key: %v", err)
		}
		if o.Key != "" && o.Key != value {
			return errors.New("--key: chỉ đưa một khóa / give one key")
		}
		o.Key = value
		return nil
	}
	p, err := ledger.ParsePaperCode(value)
	if errors.Is(err, ledger.ErrSlip) {
		return fmt.Errorf("--paper %s: chép nhầm một ký tự, hãy so lại với giấy / copied with a slip, compare it with the paper once more", clip(value))
	}
	if err != nil {
		return fmt.Errorf("--paper %s: không đúng mẫu mã trên giấy / %v", clip(value), err)
	}
	o.Papers = append(o.Papers, p)
	return nil
}

func openArg(path string, stdin io.Reader) (*Files, error) {
	if path != "-" {
		return Open(path)
	}
	data, err := io.ReadAll(io.LimitReader(stdin, maxStdin+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxStdin {
		return nil, errors.New("quá lớn, hãy đưa tên tệp / too large, name a file")
	}
	return OpenZip(bytes.NewReader(data), int64(len(data)))
}
