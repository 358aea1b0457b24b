// Command minhbach is the whole program: the server, and the commands that
// count, check rules and verify without it.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
)

// CLI is the command line.
type CLI struct {
	Count CountCmd `cmd:"" help:"Kiểm phiếu: đọc bản ghi cuộc bầu cử, viết kết quả. (Count contest records.)"`
	Rules RulesCmd `cmd:"" help:"Thư viện quy định: chạy ví dụ, liệt kê, xem, rà soát. (The regulation library.)"`

	Ballot BallotCmd `cmd:"" help:"Phiếu giấy: in, đọc bản quét, cộng. (Paper ballots: print, read, add up.)"`

	Serve     ServeCmd     `cmd:"" help:"Chạy chương trình. (Run the server.)"`
	Bundle    BundleCmd    `cmd:"" help:"Xuất gói kiểm chứng. (Export a bundle.)"`
	Verify    VerifyCmd    `cmd:"" help:"Kiểm tra một gói kiểm chứng. (Verify a bundle.)"`
	Rebuild   RebuildCmd   `cmd:"" help:"Đối chiếu các bảng với nhật ký. (Compare the tables with the ledger.)"`
	Backup    BackupCmd    `cmd:"" help:"Sao lưu khi đang chạy. (Back up while running.)"`
	Restore   RestoreCmd   `cmd:"" help:"Phục hồi từ bản sao lưu. (Restore a backup.)"`
	BackupKey BackupKeyCmd `cmd:"" name:"backup-key" help:"Tạo khóa cho bản sao lưu. (Make a key for backups.)"`
	Drill     DrillCmd     `cmd:"" help:"Diễn tập phục hồi một bản sao lưu. (Try a backup out.)"`
}

func main() { os.Exit(run(os.Args[1:], standard())) }

// run is the program with its arguments and streams; it returns the exit status.
func run(args []string, s *streams) int {
	var cli CLI
	code := -1
	parser, err := kong.New(&cli, kong.Name("minhbach"),
		kong.Description("Minh Bạch: dân chủ, khách quan, công tâm, minh bạch."),
		kong.Writers(s.out, s.err), kong.Bind(s), kong.Exit(func(c int) { code = c }))
	if err != nil {
		fmt.Fprintln(s.err, err)
		return exitFailed
	}
	ctx, err := parser.Parse(args)
	if code >= 0 { // help was asked for and given
		return code
	}
	if err != nil {
		fmt.Fprintf(s.err, "minhbach: %v; xem minhbach --help (see minhbach --help)\n", err)
		return exitBadInput
	}
	if err := ctx.Run(); err != nil {
		if msg := err.Error(); msg != "" {
			fmt.Fprintln(s.err, "minhbach: "+msg)
		}
		var coded interface{ ExitCode() int }
		if errors.As(err, &coded) {
			return coded.ExitCode()
		}
		return exitFailed
	}
	return 0
}
