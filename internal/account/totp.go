package account

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"hash"
	"net/url"
	"strings"
	"time"
)

// Time-based one-time passwords, RFC 6238: SHA-1, six digits, steps of 30
// seconds, which is what every phone's program speaks.
const (
	totpDigits = 6
	totpStep   = 30
	totpWindow = 1 // steps a clock may be early or late
)

func totpAt(secret []byte, step int64) string { return hotp(sha1.New, secret, step, totpDigits) }

// hotp is RFC 4226, section 5.3, over any hash.
func hotp(h func() hash.Hash, secret []byte, counter int64, digits int) string {
	var c [8]byte
	binary.BigEndian.PutUint64(c[:], uint64(counter))
	m := hmac.New(h, secret)
	m.Write(c[:])
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0x0f
	n := uint64(binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff)
	mod := uint64(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// totpMatch finds the time step whose code was typed, among the steps near now
// and after last: a code that was used, or an earlier one, never works again.
func totpMatch(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	code = strings.Join(strings.Fields(code), "")
	if len(secret) == 0 || len(code) != totpDigits {
		return 0, false
	}
	current := now.Unix() / totpStep
	for s := current - totpWindow; s <= current+totpWindow; s++ {
		if s > last && subtle.ConstantTimeCompare([]byte(totpAt(secret, s)), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// totpSecretText is the secret as typed into a phone by hand.
func totpSecretText(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// totpURI is what the QR code of the enrolment page holds.
func totpURI(secret []byte, login string) string {
	q := url.Values{"secret": {totpSecretText(secret)}, "issuer": {"Minh Bach"}}
	return "otpauth://totp/" + url.PathEscape("Minh Bach:"+login) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
