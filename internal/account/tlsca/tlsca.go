// Package tlsca is the program's own certificate authority: at first start it
// makes one in the data folder, and from it the server's certificate, so that
// a hall's local network without the internet has TLS that can be checked. The
// authority's fingerprint is shown as words to be read aloud, as hexadecimal
// and as QR code; computers of the office install CertificatePEM once.
//
// Example: words "ba tin · lo man · …" on the server's screen equal those on
// the clerk's screen: nobody stands between the two.
package tlsca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"minhbach/internal/account/qr"
)

// How long certificates last. Browsers accept leaf certificates of private
// authorities for at most 825 days; a year leaves room.
const (
	authorityTime = 10 * 365 * 24 * time.Hour
	serverTime    = 397 * 24 * time.Hour
	renewBefore   = 30 * 24 * time.Hour
	clockSkew     = time.Hour // clients' clocks may be behind
)

const (
	authorityKey, authorityCert = "ca.key", "ca.crt"
	serverKey, serverCert       = "server.key", "server.crt"
)

// Authority makes certificates. Safe for concurrent use.
type Authority struct {
	dir  string
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time
	mu   sync.Mutex // over the server's files
}

// Open loads the authority of a folder, or makes folder and authority at first
// start. Keys lie there in files that only the program's user may read.
func Open(dir string) (*Authority, error) { return openAt(dir, time.Now) }

func openAt(dir string, now func() time.Time) (*Authority, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("tlsca: %w", err)
	}
	a := &Authority{dir: dir, now: now}
	cert, err := readCert(filepath.Join(dir, authorityCert))
	if errors.Is(err, fs.ErrNotExist) {
		return a, a.make()
	}
	if err != nil {
		return nil, err
	}
	key, err := readKey(filepath.Join(dir, authorityKey))
	if err != nil {
		return nil, err
	}
	if !cert.IsCA || !key.PublicKey.Equal(cert.PublicKey) {
		return nil, fmt.Errorf("tlsca: %s và %s trong %s không thuộc về nhau; hãy khôi phục cả hai từ bản sao lưu (key and certificate do not belong together; restore both from a backup)", authorityKey, authorityCert, dir)
	}
	if !now().Before(cert.NotAfter) {
		return nil, fmt.Errorf("tlsca: chứng thư gốc trong %s đã hết hạn ngày %s; hãy chuyển thư mục này đi nơi khác rồi khởi động lại để lập chứng thư mới (the authority has ended; move the folder away and start again)", dir, cert.NotAfter.Format(time.DateOnly))
	}
	a.cert, a.key = cert, key
	return a, nil
}

// make is the first start. The certificate is written last: a folder with a
// key alone is one where the first start was cut short, and nobody trusts it.
func (a *Authority) make() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return fmt.Errorf("tlsca: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return err
	}
	now := a.now()
	t := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Minh Bach " + now.UTC().Format("2006-01-02") + " " + serial.Text(16)[:6]},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              now.Add(authorityTime),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
		MaxPathLenZero:        true,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return fmt.Errorf("tlsca: %w", err)
	}
	if a.cert, err = x509.ParseCertificate(der); err != nil {
		return fmt.Errorf("tlsca: %w", err)
	}
	a.key = key
	if err := writeKey(filepath.Join(a.dir, authorityKey), key); err != nil {
		return err
	}
	return writeFile(filepath.Join(a.dir, authorityCert), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// CertificatePEM is the authority's certificate, for installing on the
// computers of the office. It is no secret.
func (a *Authority) CertificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// NotAfter is when the authority ends.
func (a *Authority) NotAfter() time.Time { return a.cert.NotAfter }

// Fingerprint is the SHA-256 of the authority's certificate in hexadecimal, as
// browsers show it: pairs parted by colons.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	h := strings.ToUpper(hex.EncodeToString(sum[:]))
	var b strings.Builder
	for i := 0; i < len(h); i += 2 {
		if i > 0 {
			b.WriteByte(':')
		}
		b.WriteString(h[i : i+2])
	}
	return b.String()
}

// Words is the start of the fingerprint as twelve syllables in six pairs, for
// reading aloud: 96 bits.
func (a *Authority) Words() string {
	sum := sha256.Sum256(a.cert.Raw)
	return words(sum[:12])
}

// words speaks bytes, one syllable each: 16 beginnings by 16 ends.
func words(b []byte) string {
	beginnings := [16]string{"b", "ch", "d", "đ", "h", "kh", "l", "m", "n", "nh", "ph", "r", "s", "t", "th", "v"}
	ends := [16]string{"a", "am", "an", "ang", "anh", "ao", "ây", "en", "in", "inh", "o", "on", "ôm", "ông", "u", "uy"}
	var out []string
	for i, x := range b {
		s := beginnings[x>>4] + ends[x&15]
		if i%2 == 1 {
			out[len(out)-1] += " " + s
		} else {
			out = append(out, s)
		}
	}
	return strings.Join(out, " · ")
}

// QR is the fingerprint as a picture (SVG).
func (a *Authority) QR() ([]byte, error) {
	return qr.SVG("SHA256:"+strings.ReplaceAll(a.Fingerprint(), ":", ""), "Dấu vân tay của chứng thư máy chủ")
}

func newSerial() (*big.Int, error) {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("tlsca: %w", err)
	}
	return n.SetBit(n, 126, 1), nil // never zero, never short
}

func readCert(path string) (*x509.Certificate, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("tlsca: %w", err)
	}
	p, _ := pem.Decode(b)
	if p == nil || p.Type != "CERTIFICATE" {
		return nil, fmt.Errorf("tlsca: %s không phải là chứng thư (not a certificate)", path)
	}
	c, err := x509.ParseCertificate(p.Bytes)
	if err != nil {
		return nil, fmt.Errorf("tlsca: %s: %w", path, err)
	}
	return c, nil
}

func readKey(path string) (*ecdsa.PrivateKey, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("tlsca: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("tlsca: người khác đọc được %s; hãy chạy: chmod 600 %s (others can read the key)", path, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("tlsca: %w", err)
	}
	p, _ := pem.Decode(b)
	if p == nil || p.Type != "EC PRIVATE KEY" {
		return nil, fmt.Errorf("tlsca: %s không phải là khóa (not a key)", path)
	}
	k, err := x509.ParseECPrivateKey(p.Bytes)
	if err != nil {
		return nil, fmt.Errorf("tlsca: %s: damaged key", path)
	}
	return k, nil
}

func writeKey(path string, key *ecdsa.PrivateKey) error {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return fmt.Errorf("tlsca: %w", err)
	}
	return writeFile(path, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der}))
}

// writeFile puts a whole file in place or none.
func writeFile(path string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("tlsca: %w", err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("tlsca: %w", err)
	}
	return nil
}
