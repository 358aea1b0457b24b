package account

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"minhbach/internal/desk"
)

// cost is the work argon2id does for one password.
type cost struct {
	time, memory uint32 // passes, KiB
	threads      uint8
}

// staffCost follows RFC 9106, section 4, second choice with fewer lanes: the
// server has few cores.
var staffCost = cost{time: 3, memory: 64 << 10, threads: 2}

// sampleCost is light: the password of sample accounts is printed anyway.
var sampleCost = cost{time: 1, memory: 8 << 10, threads: 1}

const keyLen, saltLen = 32, 16

// hashPassword makes the stored form $argon2id$v=19$m=…,t=…,p=…$salt$key. The
// password is taken in NFC, so that it does not matter how a keyboard composes
// Vietnamese letters.
func hashPassword(password string, c cost) (string, error) {
	salt := make([]byte, saltLen)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key := argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.threads, keyLen)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// dummyHash is a well-formed hash of no password at the same cost: a login
// name that does not exist takes as long as one that does.
func dummyHash(c cost) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memory, c.time, c.threads,
		base64.RawStdEncoding.EncodeToString(make([]byte, saltLen)), base64.RawStdEncoding.EncodeToString(make([]byte, keyLen)))
}

// parseHash takes the stored form apart and bounds it: the row may have been
// edited by hand.
func parseHash(stored string) (c cost, salt, key []byte, err error) {
	bad := fmt.Errorf("account: stored password hash is damaged")
	f := strings.Split(stored, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" || f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return c, nil, nil, bad
	}
	if n, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &c.memory, &c.time, &c.threads); n != 3 || err != nil {
		return c, nil, nil, bad
	}
	salt, errSalt := base64.RawStdEncoding.DecodeString(f[4])
	key, errKey := base64.RawStdEncoding.DecodeString(f[5])
	if errSalt != nil || errKey != nil || len(salt) != saltLen || len(key) != keyLen ||
		c.memory < 1<<10 || c.memory > 1<<20 || c.time < 1 || c.time > 16 || c.threads < 1 || c.threads > 16 {
		return c, nil, nil, bad
	}
	return c, salt, key, nil
}

// checkHash compares in constant time; stale says that the hash was made with
// less work than now asked for and should be made again.
func checkHash(stored, password string, now cost) (ok, stale bool, err error) {
	c, salt, key, err := parseHash(stored)
	if err != nil {
		return false, false, err
	}
	got := argon2.IDKey([]byte(norm.NFC.String(password)), salt, c.time, c.memory, c.threads, keyLen)
	return subtle.ConstantTimeCompare(got, key) == 1, c != now, nil
}

// maxPassword bounds what is hashed.
const maxPassword = 256

// checkNewPassword says what a new password must be: length counts, kinds of
// letters do not.
func checkNewPassword(password, login string) error {
	n := utf8.RuneCountInString(password)
	lower := strings.ToLower(password)
	switch {
	case !utf8.ValidString(password) || len(password) > maxPassword:
		return desk.Wrong("password", "Mật khẩu quá dài.", "The password is too long.")
	case n < 10:
		return desk.Wrong("password", "Mật khẩu cần ít nhất 10 ký tự; một câu dễ nhớ là tốt nhất.", "A password needs at least 10 characters; a sentence is best.")
	case strings.Contains(lower, login) || password == SamplePassword:
		return desk.Wrong("password", "Mật khẩu không được chứa tên đăng nhập hoặc là mật khẩu mẫu.", "A password must not hold the login name nor be the sample password.")
	case distinct(lower) < 5:
		return desk.Wrong("password", "Mật khẩu cần ít nhất 5 ký tự khác nhau.", "A password needs at least 5 different characters.")
	case common[strings.ReplaceAll(lower, " ", "")]:
		return desk.Wrong("password", "Mật khẩu này quá phổ biến.", "This password is too common.")
	}
	return nil
}

func distinct(s string) int {
	seen := make(map[rune]bool)
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// common are the long passwords that everybody tries first.
var common = map[string]bool{
	"1234567890": true, "0123456789": true, "0987654321": true, "qwertyuiop": true, "password123": true, "password1234": true,
	"matkhau123": true, "matkhau1234": true, "123456789a": true, "a123456789": true, "anhyeuem123": true, "iloveyou123": true,
	"vietnam123": true, "vietnam1975": true, "admin12345": true, "administrator": true, "quantrihethong": true, "1q2w3e4r5t": true,
}
