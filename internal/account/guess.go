package account

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"strconv"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
)

// Limits on guessing: after some failures each further one makes the next try
// wait, twice as long each time. A day without failures forgets them. The
// limit of an account also holds for login names that do not exist, so that
// the two cannot be told apart.
const (
	freePerAccount = 5
	freePerAddress = 30
	firstDelay     = 15 * time.Second
	longestDelay   = 15 * time.Minute
	forgetAfter    = 24 * time.Hour
)

func delayAfter(failures, free int64) time.Duration {
	if failures < free {
		return 0
	}
	d := firstDelay
	for range min(failures-free, 10) {
		d *= 2
	}
	return min(d, longestDelay)
}

// guessKeys names the counters of one try: the login name's and the address's.
func guessKeys(login, address string) [2]string {
	if host, _, err := net.SplitHostPort(address); err == nil {
		address = host
	}
	if ip := net.ParseIP(address); ip != nil && ip.To4() == nil {
		address = ip.Mask(net.CIDRMask(64, 128)).String() // one household has a whole /64
	}
	return [2]string{digest("login", login), digest("address", address)}
}

func digest(kind, value string) string {
	h := sha256.Sum256([]byte(kind + "\n" + value))
	return hex.EncodeToString(h[:])
}

// reserve counts a try as failed before it is looked at, so that a hundred
// tries at once are not one; forgive takes it back. It refuses while a wait
// runs, and says how long.
func reserve(ctx context.Context, tx *store.Tx, keys [2]string, now time.Time) error {
	if err := tx.Run(ctx, `DELETE FROM op_guess WHERE last_at < $1`, timeText(now.Add(-forgetAfter))); err != nil {
		return err
	}
	for i, key := range keys {
		_, until, err := guessesOf(ctx, tx, key, now)
		if err != nil {
			return err
		}
		if left := until.Sub(now); left > 0 {
			return tooMany(left, i == 1)
		}
	}
	for i, key := range keys {
		failures, _, err := guessesOf(ctx, tx, key, now)
		if err != nil {
			return err
		}
		failures++
		free := int64(freePerAccount)
		if i == 1 {
			free = freePerAddress
		}
		if err := putGuess(ctx, tx, key, failures, now, now.Add(delayAfter(failures, free))); err != nil {
			return err
		}
	}
	return nil
}

// forgive takes the reserved failure back; all true clears the login's counter.
func forgive(ctx context.Context, tx *store.Tx, keys [2]string, now time.Time, all bool) error {
	for i, key := range keys {
		failures, _, err := guessesOf(ctx, tx, key, now)
		if err != nil {
			return err
		}
		failures--
		if i == 0 && all || failures <= 0 {
			if err := tx.Run(ctx, `DELETE FROM op_guess WHERE who = $1`, key); err != nil {
				return err
			}
			continue
		}
		if err := putGuess(ctx, tx, key, failures, now, now); err != nil {
			return err
		}
	}
	return nil
}

func guessesOf(ctx context.Context, tx *store.Tx, key string, now time.Time) (failures int64, until time.Time, err error) {
	rows, err := tx.Query(ctx, `SELECT failures, last_at, until FROM op_guess WHERE who = $1`, key)
	if err != nil {
		return 0, time.Time{}, err
	}
	defer rows.Close()
	for rows.Next() {
		var lastText, untilText string
		if err := rows.Scan(&failures, &lastText, &untilText); err != nil {
			return 0, time.Time{}, err
		}
		last, err := parseTime(lastText)
		if err != nil {
			return 0, time.Time{}, err
		}
		if until, err = parseTime(untilText); err != nil {
			return 0, time.Time{}, err
		}
		if now.Sub(last) > forgetAfter {
			failures, until = 0, time.Time{}
		}
	}
	return failures, until, rows.Err()
}

func putGuess(ctx context.Context, tx *store.Tx, key string, failures int64, at, until time.Time) error {
	if err := tx.Run(ctx, `DELETE FROM op_guess WHERE who = $1`, key); err != nil {
		return err
	}
	return tx.Insert(ctx, "op_guess", []string{"who", "failures", "last_at", "until"}, [][]any{{key, failures, timeText(at), timeText(until)}})
}

func tooMany(left time.Duration, address bool) error {
	vi, en := "tài khoản này", "for this account"
	if address {
		vi, en = "máy này", "from this machine"
	}
	seconds := int((left + time.Second - 1) / time.Second)
	waitVI, waitEN := strconv.Itoa(seconds)+" giây", strconv.Itoa(seconds)+" seconds"
	if seconds > 90 {
		minutes := (seconds + 59) / 60
		waitVI, waitEN = strconv.Itoa(minutes)+" phút", strconv.Itoa(minutes)+" minutes"
	}
	return desk.Deny("Đã thử sai nhiều lần với "+vi+"; hãy chờ "+waitVI+" rồi thử lại.", "Too many failed tries "+en+"; wait "+waitEN+" and try again.")
}

const timeForm = "2006-01-02T15:04:05.000Z"

func timeText(t time.Time) string { return t.UTC().Format(timeForm) }

func parseTime(s string) (time.Time, error) { return time.Parse(timeForm, s) }
