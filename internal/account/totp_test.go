package account

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"
	"strings"
	"testing"
	"time"
)

// RFC 6238, appendix B.
func TestTOTPVectors(t *testing.T) {
	seed := func(n int) []byte { return []byte(strings.Repeat("1234567890", 7)[:n]) }
	for _, c := range []struct {
		unix             int64
		one, two56, five string
	}{
		{59, "94287082", "46119246", "90693936"},
		{1111111109, "07081804", "68084774", "25091201"},
		{1111111111, "14050471", "67062674", "99943326"},
		{1234567890, "89005924", "91819424", "93441116"},
		{2000000000, "69279037", "90698825", "38618901"},
		{20000000000, "65353130", "77737706", "47863826"},
	} {
		for _, v := range []struct {
			h    func() hash.Hash
			n    int
			want string
		}{{sha1.New, 20, c.one}, {sha256.New, 32, c.two56}, {sha512.New, 64, c.five}} {
			if got := hotp(v.h, seed(v.n), c.unix/totpStep, 8); got != v.want {
				t.Errorf("%d: %s, want %s", c.unix, got, v.want)
			}
		}
		if got := totpAt(seed(20), c.unix/totpStep); got != c.one[2:] {
			t.Errorf("six digits: %s of %s", got, c.one)
		}
	}
}

func TestTOTPWindowAndReplay(t *testing.T) {
	secret := []byte("12345678901234567890")
	now := time.Unix(1111111111, 0)
	step := now.Unix() / totpStep
	for off, want := range map[int64]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		got, ok := totpMatch(secret, totpAt(secret, step+off), now, 0)
		if ok != want || ok && got != step+off {
			t.Errorf("offset %d: %v %d", off, ok, got)
		}
	}
	if _, ok := totpMatch(secret, totpAt(secret, step), now, step); ok {
		t.Error("a used step")
	}
	if _, ok := totpMatch(secret, totpAt(secret, step-1), now, step); ok {
		t.Error("a step before the used one")
	}
	for _, bad := range []string{"", "12345", "1234567", "abcdef", "١٢٣٤٥٦"} {
		if _, ok := totpMatch(secret, bad, now, 0); ok {
			t.Errorf("%q", bad)
		}
	}
	if _, ok := totpMatch(nil, totpAt(nil, step), now, 0); ok {
		t.Error("no secret must match nothing")
	}
}

func TestHashForms(t *testing.T) {
	c := cost{time: 1, memory: 1 << 10, threads: 1}
	// Typed composed or decomposed, it is one password.
	h, err := hashPassword("Đà Nẵng mùa hạ", c)
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]bool{"Đà Nẵng mùa hạ": true, "Đa\u0300 Nă\u0303ng mu\u0300a ha\u0323": true, "Đà Nẵng mùa ha": false, "": false} {
		ok, stale, err := checkHash(h, typed, c)
		if err != nil || ok != want || stale {
			t.Errorf("%q: %v %v %v", typed, ok, stale, err)
		}
	}
	if ok, _, err := checkHash(dummyHash(c), "", c); ok || err != nil {
		t.Errorf("the dummy opens nothing: %v %v", ok, err)
	}
	for _, bad := range []string{"", "x", strings.Replace(h, "m=1024", "m=99999999", 1), strings.Replace(h, "t=1", "t=0", 1), strings.Replace(h, "argon2id", "argon2i", 1), h + "$", h[:len(h)-2], strings.Replace(h, "p=1", "p=300", 1)} {
		if _, _, err := checkHash(bad, "x", c); err == nil {
			t.Errorf("accepted %q", bad)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add("$argon2id$v=19$m=1024,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Fuzz(func(t *testing.T, s string) {
		if c, salt, key, err := parseHash(s); err == nil && (c.memory > 1<<20 || c.time > 16 || len(salt) != saltLen || len(key) != keyLen) {
			t.Errorf("unbounded: %+v", c)
		}
	})
}
