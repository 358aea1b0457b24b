package account

import (
	"context"
	"crypto/cipher"
	"crypto/rand"
	"runtime"
	"strings"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/store"
	"minhbach/internal/vn"
)

// Service logs people in and answers who may. It is safe for concurrent use.
type Service struct {
	// Clock gives the time; time.Now unless a test sets it before use.
	Clock func() time.Time
	// AllowSample lets sample accounts log in: demonstration on loopback only.
	AllowSample bool

	db      *store.DB
	cost    cost
	sealer  cipher.AEAD   // of the secrets of second factors
	hashing chan struct{} // how many passwords are hashed at once: each takes 64 MiB
	dummy   string        // hashed against for login names that do not exist
}

// Session is one login. Token is set only in the answer to Login; the
// database has its hash alone.
type Session struct {
	Token   string
	ID      string // names it in lists; opens nothing
	Account string
	Type    Type
	Login   string
	Display string
	Address string
	MadeAt  time.Time
	SeenAt  time.Time // to the minute
	EndsAt  time.Time // at the latest; idle sessions end before
}

// How long a session lasts.
const (
	idleTime    = time.Hour
	longestTime = 12 * time.Hour
	seenEvery   = time.Minute // a page a second must not be a write a second
)

// Open makes the service over the database of the desk; the tables are made
// when the desk opens with this package's Room.
func Open(db *store.DB) *Service {
	s := &Service{Clock: time.Now, db: db, cost: staffCost, hashing: make(chan struct{}, max(1, runtime.NumCPU()))}
	s.dummy = dummyHash(s.cost)
	key := make([]byte, 32)
	_, _ = rand.Read(key) // crypto/rand does not fail
	s.sealer, _ = newSealer(key)
	return s
}

// hash runs one password hashing, waiting its turn.
func (s *Service) hash(ctx context.Context, fn func() error) error {
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
		return fn()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func badLogin() error {
	return desk.Deny("Tên đăng nhập hoặc mật khẩu không đúng.", "The login name or the password is wrong.")
}

// NeedCode says that an error of Login means: the password was right, now the
// code of the second factor is needed.
func NeedCode(err error) bool {
	e, ok := err.(*desk.Error)
	return ok && e.Code == desk.Invalid && e.Field == "code"
}

// Login opens a session. code is the phone's six digits or, for hall accounts,
// an unused code of the paper slip; without one it answers an error for which
// NeedCode is true. Every error for people is a *desk.Error in plain words.
// address is the remote address, with or without port.
func (s *Service) Login(ctx context.Context, name, password, code, address string) (Session, error) {
	login := NormalLogin(name)
	if len(login) > 200 || len(password) > maxPassword {
		login, password = "", ""
	}
	now := s.Clock()
	keys := guessKeys(login, address)
	var acc Account
	var cred credential
	var known bool
	var refusal error
	err := s.db.Write(ctx, func(tx *store.Tx) (err error) {
		if refusal = reserve(ctx, tx, keys, now); refusal != nil {
			if _, plain := refusal.(*desk.Error); !plain {
				return refusal
			}
			return nil
		}
		if acc, known, err = ByLogin(ctx, tx, login); err != nil || !known {
			return err
		}
		if known = acc.Type != Sample || s.AllowSample; !known {
			return nil
		}
		cred, known, err = credentialOf(ctx, tx, acc.ID)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	if refusal != nil {
		return Session{}, refusal
	}

	stored, right, stale := s.dummy, false, false
	if known {
		stored = cred.hash
	}
	var fresh string
	err = s.hash(ctx, func() (err error) {
		want := s.cost
		if acc.Type == Sample {
			want = sampleCost
		}
		if right, stale, err = checkHash(stored, password, want); err == nil && right && stale && known {
			fresh, err = hashPassword(password, want)
		}
		return err
	})
	if err != nil {
		return Session{}, err
	}
	right = right && known

	var session Session
	err = s.db.Write(ctx, func(tx *store.Tx) error {
		outcome := ""
		outcome, refusal = s.decideLogin(ctx, tx, acc, right, code, now)
		if refusal != nil {
			if _, plain := refusal.(*desk.Error); !plain {
				return refusal
			}
			if outcome == "code-asked" {
				return forgive(ctx, tx, keys, now, false)
			}
			return logLogin(ctx, tx, now, acc.ID, address, outcome)
		}
		if err := forgive(ctx, tx, keys, now, true); err != nil {
			return err
		}
		if fresh != "" {
			if err := tx.Run(ctx, `UPDATE op_credential SET hash = $1 WHERE account = $2`, fresh, acc.ID); err != nil {
				return err
			}
		}
		if err := logLogin(ctx, tx, now, acc.ID, address, "in"); err != nil {
			return err
		}
		var err error
		session, err = openSession(ctx, tx, acc, address, now)
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return session, refusal
}

// decideLogin judges everything after the password; outcome goes into the log.
func (s *Service) decideLogin(ctx context.Context, tx *store.Tx, acc Account, right bool, code string, now time.Time) (outcome string, refusal error) {
	if !right {
		return "password", badLogin()
	}
	if err := usable(ctx, tx, acc.ID, vn.DateOf(now.In(zone))); err != nil {
		return "closed", err
	}
	if acc.Type == Sample {
		return "", nil
	}
	if strings.TrimSpace(code) == "" {
		return "code-asked", desk.Wrong("code", "Hãy nhập mã xác thực: sáu chữ số trên điện thoại, hoặc một mã trên phiếu giấy.", "Enter the code: six digits from the phone, or one code of the paper slip.")
	}
	if acc.Type == Hall {
		ok, err := useSlip(ctx, tx, acc.ID, code, now)
		if err != nil {
			return "", err
		}
		if !ok {
			return "slip", desk.Deny("Mã trên phiếu không đúng hoặc đã dùng; mỗi mã chỉ dùng một lần.", "That slip code is wrong or used; each code works once.")
		}
		return "", nil
	}
	// The step is read again here, in the transaction that spends it.
	cred, _, err := credentialOf(ctx, tx, acc.ID)
	if err != nil {
		return "", err
	}
	secret, err := s.unseal("credential", acc.ID, cred.totp)
	if err != nil {
		return "code", err
	}
	step, ok := totpMatch(secret, code, now, cred.totpAt)
	if !ok {
		return "code", desk.Deny("Mã xác thực không đúng hoặc đã dùng; hãy chờ mã mới rồi thử lại.", "That code is wrong or used; wait for a new one and try again.")
	}
	if err := tx.Run(ctx, `UPDATE op_credential SET totp_at = $1 WHERE account = $2`, step, acc.ID); err != nil {
		return "", err
	}
	return "", nil
}

// zone is the civil day's: Vietnam, without daylight saving.
var zone = time.FixedZone("ICT", 7*60*60)
