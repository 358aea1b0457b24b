package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"minhbach/internal/account"
	"minhbach/internal/account/tlsca"
	"minhbach/internal/ballotbox"
	"minhbach/internal/demo"
	"minhbach/internal/desk"
	"minhbach/internal/person"
	"minhbach/internal/scan"
	"minhbach/internal/vault"
	"minhbach/internal/vn"
	"minhbach/internal/web"
)

// ServeCmd runs the server until it is told to stop.
type ServeCmd struct {
	place
	Listen string `help:"Địa chỉ nghe. (Listen address.)" default:"127.0.0.1:8080" placeholder:"ADDR"`
	Scans  string `help:"Thư mục mà máy quét đặt tệp ảnh phiếu vào; trang quét phiếu nhận từ đó. (Folder of the office scanner.)" placeholder:"DIR" name:"scan-folder"`
	Demo   bool   `help:"Chạy với dữ liệu mẫu; chỉ nghe trên máy này. (Sample data; loopback only.)"`
}

// version is what the foot of the pages shows; the build may set it.
var version = "0.1"

// Run serves. On any address but loopback it speaks TLS from its own
// authority, whose fingerprint it prints.
func (c *ServeCmd) Run(s *streams) error {
	roomy()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	loopback, err := onLoopback(c.Listen)
	if err != nil {
		return badInput("--listen %s: %v", c.Listen, err)
	}
	if c.Demo && !loopback {
		return badInput("--demo chỉ nghe trên máy này (127.0.0.1), không nghe trên %s (--demo serves loopback only)", c.Listen)
	}
	if c.Demo && c.DB == "" {
		c.Data = filepath.Join(c.Data, "demo") // sample data never mixes with a real record
	}
	log := plain(s)
	cfg, accounts, err := c.config(ctx, true, log)
	if err != nil {
		return err
	}
	defer cfg.DB.Close()
	d, err := desk.Open(ctx, cfg)
	if err != nil {
		return err
	}
	defer d.Close()
	if n, err := accounts.SealOld(ctx); err != nil {
		return err
	} else if n > 0 {
		say(s, "Đã niêm %[1]d mã xác thực còn để trần trong cơ sở dữ liệu. (Sealed %[1]d second factors that stood bare in the database.)", n)
	}
	papers, err := vault.Open(filepath.Join(c.Data, "vault.key"))
	if err != nil {
		return failed("không dùng được khóa mã hóa bản số hóa: %v (cannot use the key that encrypts scanned papers)", err)
	}
	users, err := c.prepare(ctx, d, accounts, papers)
	if err != nil {
		return err
	}
	scans, err := ballotbox.OpenVault(filepath.Join(c.Data, "scan.key"))
	if err != nil {
		return failed("không dùng được khóa mã hóa ảnh phiếu: %v (cannot use the key that encrypts scanned ballots)", err)
	}
	var inbox *scan.Inbox
	if c.Scans != "" {
		if inbox, err = scan.OpenInbox(c.Scans); err != nil {
			return badInput("--scan-folder %s: không dùng được thư mục này: %v (cannot use this folder)", c.Scans, err)
		}
		defer inbox.Close()
	}
	pages, err := web.New(web.Config{Desk: d, DB: cfg.DB, Accounts: accounts, Log: log, Demo: c.Demo, TLS: !loopback, Version: version,
		Scans: scans, Vault: papers, Backups: filepath.Join(c.Data, "backups"), Inbox: inbox, SampleScans: demo.SampleScans})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return failed("không nghe được trên %s: %v (cannot listen)", c.Listen, err)
	}
	base := "http://" + reachable(ln.Addr().String())
	srv := &http.Server{Handler: pages, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute,
		WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)}
	if !loopback {
		ca, err := tlsca.Open(filepath.Join(c.Data, "tls"))
		if err != nil {
			return err
		}
		conf, err := ca.TLSConfig(hosts(c.Listen))
		if err != nil {
			return err
		}
		base = "https://" + reachable(ln.Addr().String())
		ln = tls.NewListener(ln, conf)
		say(s, "Dấu vân của nơi cấp chứng chỉ / authority fingerprint: %s\n  %s", ca.Fingerprint(), ca.Words())
	}
	c.greet(ctx, s, d, accounts, base, users)
	keeping, enough := context.WithCancel(context.Background())
	var kept sync.WaitGroup
	kept.Go(func() { pages.KeepReadLog(keeping) })
	kept.Go(func() {
		if err := person.Ready(keeping, cfg.DB, vn.DateOf(time.Now())); err != nil && keeping.Err() == nil {
			log.Warn("the first questions will take longer: connections could not be made ready", "error", err)
		}
	})
	defer kept.Wait() // before the desk closes
	defer enough()
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		<-ctx.Done()
		wait, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = srv.Shutdown(wait) // what is still open after ten seconds is cut
	}()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	<-answered // Serve returns at once; the desk closes only when nobody is being answered
	return nil
}

// prepare fills a demonstration, or makes sure that sample accounts stay out.
func (c *ServeCmd) prepare(ctx context.Context, d *desk.Desk, accounts *account.Service, papers *vault.Vault) ([]account.SampleAccount, error) {
	if !c.Demo {
		return nil, nil
	}
	accounts.AllowSample = true
	err := demo.Seed(ctx, d, d.DB())
	if err == nil {
		err = demo.SeedHall(ctx, d, d.DB())
	}
	if err == nil {
		err = demo.SeedFiles(ctx, d, d.DB(), papers)
	}
	var no *desk.Error
	if errors.As(err, &no) && no.Code == desk.Stopped {
		err = nil // what is there can still be looked at
	}
	if err != nil {
		return nil, fmt.Errorf("không thêm được dữ liệu mẫu vào %s: %w. Nếu thư mục này do bản cũ của chương trình tạo thì xóa nó rồi chạy lại; hồ sơ thật không nằm ở đó (if an older build made this folder of sample data, delete it and start again)", c.Data, err)
	}
	return account.SeedSample(ctx, d, d.DB())
}

// greet says where to go and as whom.
func (c *ServeCmd) greet(ctx context.Context, s *streams, d *desk.Desk, accounts *account.Service, base string, users []account.SampleAccount) {
	say(s, "\nMinh Bạch đang chạy / is running: %s", base)
	stopped := d.Health().Stopped
	if stopped != nil {
		say(s, "%s\n%s", stopped.VI, stopped.EN)
	}
	if len(users) > 0 {
		say(s, "Dữ liệu mẫu. Đăng nhập bằng một trong các tài khoản sau, mật khẩu “%s”:", account.SamplePassword)
		for _, u := range users {
			say(s, "  %-12s %s", u.Login, u.Display)
		}
	} else if stopped != nil {
		// No account can be opened now.
	} else if token, err := accounts.FirstLink(ctx, d); err != nil {
		say(s, "Không tạo được đường dẫn cho quản trị đầu tiên: %v", err)
	} else if token != "" {
		say(s, "Người quản trị đầu tiên (tên đăng nhập %s) đặt mật khẩu tại đường dẫn dùng một lần:\n  %s/moi/%s", account.FirstLogin, base, token)
	}
	say(s, "Khóa nhật ký / log key: %s\n", d.VerifierKey())
}

// onLoopback says whether an address is reachable from this machine only.
func onLoopback(addr string) (bool, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return false, err
	}
	if strings.EqualFold(host, "localhost") {
		return true, nil
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback(), nil
}

// reachable is an address that a browser can open: a server that listens on
// every address is shown at the first one that hosts names.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsUnspecified() {
		return listen
	}
	for _, h := range hosts(listen) {
		if ip := net.ParseIP(h); ip != nil && !ip.IsLoopback() {
			return net.JoinHostPort(h, port)
		}
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// hosts are the names and addresses the certificate is made for.
func hosts(listen string) []string {
	host, _, _ := net.SplitHostPort(listen)
	out := []string{"localhost", "127.0.0.1"}
	if name, err := os.Hostname(); err == nil {
		out = append(out, name)
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return append(out, host)
	}
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return out
	}
	for _, a := range addrs {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.IsPrivate() {
			out = append(out, n.IP.String())
		}
	}
	return out
}
