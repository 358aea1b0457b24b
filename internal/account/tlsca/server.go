package tlsca

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

var hostForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$`)

// TLSConfig serves the given hosts (names and IP addresses): TLS 1.3 and 1.2,
// HTTP/2 and 1.1, with a certificate that is renewed while the program runs.
func (a *Authority) TLSConfig(hosts []string) (*tls.Config, error) {
	current, err := a.Server(hosts)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"h2", "http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			a.mu.Lock()
			fresh := a.lasts(current.Leaf)
			c := current
			a.mu.Unlock()
			if fresh {
				return &c, nil
			}
			c, err := a.Server(hosts)
			if err != nil {
				return nil, err
			}
			a.mu.Lock()
			current = c
			a.mu.Unlock()
			return &c, nil
		},
	}, nil
}

// Server is the server's certificate for hosts: the one in the folder when it
// names the same hosts and lasts 30 days more, else a new one.
func (a *Authority) Server(hosts []string) (tls.Certificate, error) {
	names, ips, err := sortHosts(hosts)
	if err != nil {
		return tls.Certificate{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	c, err := a.stored(names, ips)
	if err != nil || c.Leaf != nil {
		return c, err
	}
	return a.issue(names, ips)
}

func sortHosts(hosts []string) (names []string, ips []net.IP, err error) {
	if len(hosts) == 0 {
		return nil, nil, errors.New("tlsca: cần ít nhất một tên máy hoặc địa chỉ (at least one host is needed)")
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			if v4 := ip.To4(); v4 != nil {
				ip = v4
			}
			ips = append(ips, ip)
			continue
		}
		if len(h) > 253 || !hostForm.MatchString(h) {
			return nil, nil, fmt.Errorf("tlsca: %q không phải là tên máy hoặc địa chỉ (not a host name or address)", h)
		}
		names = append(names, h)
	}
	slices.Sort(names)
	slices.SortFunc(ips, func(x, y net.IP) int { return slices.Compare(x, y) })
	return slices.Compact(names), slices.CompactFunc(ips, net.IP.Equal), nil
}

// stored is the certificate in the folder if it still serves; without Leaf
// when a new one is needed.
func (a *Authority) stored(names []string, ips []net.IP) (tls.Certificate, error) {
	leaf, err := readCert(filepath.Join(a.dir, serverCert))
	if errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, nil
	}
	if err != nil {
		return tls.Certificate{}, nil // damaged: a new one replaces it
	}
	now := a.now()
	if leaf.CheckSignatureFrom(a.cert) != nil || !a.lasts(leaf) || now.Before(leaf.NotBefore) ||
		!slices.Equal(leaf.DNSNames, names) || !slices.EqualFunc(leaf.IPAddresses, ips, net.IP.Equal) {
		return tls.Certificate{}, nil
	}
	key, err := readKey(filepath.Join(a.dir, serverKey))
	if errors.Is(err, fs.ErrNotExist) {
		return tls.Certificate{}, nil
	}
	if err != nil {
		return tls.Certificate{}, err
	}
	if !key.PublicKey.Equal(leaf.PublicKey) {
		return tls.Certificate{}, nil
	}
	return a.chain(leaf, key), nil
}

// lasts says that a certificate need not be renewed yet: it has 30 days more,
// or already ends with its authority.
func (a *Authority) lasts(leaf *x509.Certificate) bool {
	now := a.now()
	if !leaf.NotAfter.Before(a.cert.NotAfter.Truncate(time.Second)) {
		return now.Before(leaf.NotAfter)
	}
	return now.Before(leaf.NotAfter.Add(-renewBefore))
}

func (a *Authority) chain(leaf *x509.Certificate, key *ecdsa.PrivateKey) tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{leaf.Raw, a.cert.Raw}, PrivateKey: key, Leaf: leaf}
}

func (a *Authority) issue(names []string, ips []net.IP) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tlsca: %w", err)
	}
	serial, err := newSerial()
	if err != nil {
		return tls.Certificate{}, err
	}
	now := a.now()
	end := now.Add(serverTime)
	if a.cert.NotAfter.Before(end) {
		end = a.cert.NotAfter
	}
	t := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: "Minh Bach server"},
		NotBefore:             now.Add(-clockSkew),
		NotAfter:              end.Truncate(time.Second),
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
		DNSNames:              names,
		IPAddresses:           ips,
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, &key.PublicKey, a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tlsca: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("tlsca: %w", err)
	}
	if err := writeKey(filepath.Join(a.dir, serverKey), key); err != nil {
		return tls.Certificate{}, err
	}
	if err := writeFile(filepath.Join(a.dir, serverCert), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})); err != nil {
		return tls.Certificate{}, err
	}
	return a.chain(leaf, key), nil
}
