package desk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"
	"time"

	"minhbach/internal/ledger"
	"minhbach/internal/rule"
	"minhbach/internal/store"
)

// Config is what a desk is opened with.
type Config struct {
	DB        *store.DB
	Rooms     []Room    // in the order in which their tables are made
	Authority Authority // who may; required
	Rules     RuleBook  // nil: the rules built into the program
	// KeyFile holds the key that signs checkpoints, made at first start;
	// CheckpointFile the last signed checkpoint. Both stand outside the
	// database: they are what finds a database that was cut or replaced.
	KeyFile, CheckpointFile string
	// Keep are the key files of the house beside the log key: an encrypted
	// backup takes them along, a restore puts them back.
	Keep  []string
	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // nil: slog.Default()
}

// Desk is the one door of one database. It is safe for concurrent use.
type Desk struct {
	cfg    Config
	db     *store.DB
	houses *houses
	key    *logKey
	log    *slog.Logger

	queue           chan *request
	closing, closed chan struct{}
	closeOnce       sync.Once
	background      sync.WaitGroup
	saver           sync.WaitGroup
	quit            context.CancelFunc

	mu        sync.Mutex
	head      head          // committed
	change    chan struct{} // closed when head moves
	health    Health
	stoppedAt int64 // entries of a ledger that was found damaged at start
	opened    int64 // entries when this run started; health.Verified counts among them
	saved     int64 // size in the checkpoint file
	saving    chan struct{}
}

// Open migrates the tables, compares the ledger with the checkpoint file,
// verifies the entries after it, and starts the committer and the checks that
// go on behind. A damaged ledger still opens, for reading; Health says what is
// wrong and writing stays stopped.
func Open(ctx context.Context, cfg Config) (*Desk, error) {
	d, err := prepare(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if err := d.loadKey(ctx); err != nil {
		return nil, err
	}
	if err := d.start(ctx); err != nil {
		return nil, err
	}
	return d, nil
}

// prepare checks the configuration and makes the tables.
func prepare(ctx context.Context, cfg Config) (*Desk, error) {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	switch {
	case cfg.DB == nil:
		return nil, errors.New("desk: no database")
	case cfg.Authority == nil:
		return nil, errors.New("desk: no authority to say who may")
	case cfg.KeyFile == "" || cfg.CheckpointFile == "":
		return nil, errors.New("desk: no place for the key file and the checkpoint file")
	}
	h, err := newHouses(cfg.Rooms)
	if err != nil {
		return nil, err
	}
	if cfg.Rules == nil {
		lib, err := rule.Builtin()
		if err != nil {
			return nil, fmt.Errorf("desk: built-in rules: %w", err)
		}
		cfg.Rules = fixedRules{lib}
	}
	if err := h.migrate(ctx, cfg.DB); err != nil {
		return nil, err
	}
	return &Desk{
		cfg: cfg, db: cfg.DB, houses: h, log: cfg.Log,
		queue: make(chan *request, 4*maxGroup), closing: make(chan struct{}), closed: make(chan struct{}),
		change: make(chan struct{}), saving: make(chan struct{}, 1), saved: -1,
		head: emptyHead(),
	}, nil
}

// fixedRules is the rule book of a program without recorded regulations.
type fixedRules struct{ lib *rule.Library }

func (f fixedRules) Library(context.Context, *store.Tx) (*rule.Library, error) { return f.lib, nil }

// loadKey reads the log key, or makes it when the ledger is empty.
func (d *Desk) loadKey(ctx context.Context) error {
	key, err := readKey(d.cfg.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		var n int64
		if err := d.db.Read(ctx, func(tx *store.Tx) error {
			return tx.QueryRow(ctx, `SELECT COUNT(*) FROM ledger_entry WHERE idx < 1`).Scan(&n)
		}); err != nil {
			return err
		}
		if n > 0 {
			return both("Nhật ký đã có mục nhưng không thấy tệp khóa %s: hãy đặt lại tệp, hoặc phục hồi bản sao lưu vào cơ sở dữ liệu trống (khi đó nhật ký có khóa mới và ghi rõ điều này)",
				"the ledger has entries but its key file %s is gone: put the file back, or restore a backup into an empty database (that starts a new key and says so)", d.cfg.KeyFile)
		}
		key, err = makeKey(d.cfg.KeyFile)
		if err != nil {
			return fmt.Errorf("desk: %w", err)
		}
	}
	if err != nil {
		return fmt.Errorf("desk: %w", err)
	}
	d.key = key
	return nil
}

// start loads the head, checks what is new and lets the committer run.
func (d *Desk) start(ctx context.Context) error {
	old, err := d.settle(ctx)
	if err != nil {
		return err
	}
	bg, quit := context.WithCancel(context.Background())
	d.quit = quit
	go d.commit()
	d.saver.Go(d.saveCheckpoints)
	if d.db.Dialect() == store.Postgres {
		d.background.Go(func() { d.followOthers(bg) })
	}
	d.background.Go(func() { d.checkOld(bg, old) })
	d.wakeSaver()
	return nil
}

// Close lets the acts that were taken finish, writes the last checkpoint and
// stops what runs behind. The database stays open.
func (d *Desk) Close() error {
	d.closeOnce.Do(func() {
		close(d.closing)
		<-d.closed
		d.quit()
		d.background.Wait()
		close(d.saving) // what was asked for last is still written
		d.saver.Wait()
	})
	return nil
}

// Read runs fn on one read-only snapshot.
func (d *Desk) Read(ctx context.Context, fn func(*store.Tx) error) error { return d.db.Read(ctx, fn) }

// DB is the database, for op_ tables.
func (d *Desk) DB() *store.DB { return d.db }

// Rules are the rules as the record stands in tx.
func (d *Desk) Rules(ctx context.Context, tx *store.Tx) (*rule.Library, error) {
	return d.cfg.Rules.Library(ctx, tx)
}

// VerifierKey is the key by which others check this log's checkpoints.
func (d *Desk) VerifierKey() string { return d.key.vkey }

// Checkpoint signs the committed head. A desk that is stopped signs nothing
// more: it gives the last checkpoint that stands in the file.
func (d *Desk) Checkpoint(context.Context) (ledger.Checkpoint, []byte, error) {
	if d.stoppedError() != nil {
		c, signed, err := readCheckpoint(d.cfg.CheckpointFile, d.key)
		if err != nil {
			err = d.stoppedError()
		}
		return c, signed, err
	}
	d.mu.Lock()
	c := ledger.Checkpoint{Origin: d.key.origin, Size: d.head.size(), Root: d.head.tree.Root()}
	d.mu.Unlock()
	signed, err := c.Sign(d.key.signer)
	return c, signed, err
}

// Head is the index of the last committed entry, -1 when there is none.
func (d *Desk) Head() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	return max(d.head.last(), d.stoppedAt-1)
}

// Wait returns the head as soon as it is after the given index, or when ctx
// ends.
func (d *Desk) Wait(ctx context.Context, after int64) int64 {
	for {
		d.mu.Lock()
		last, change := max(d.head.last(), d.stoppedAt-1), d.change
		d.mu.Unlock()
		if last > after {
			return last
		}
		select {
		case <-change:
		case <-ctx.Done():
			return last
		}
	}
}

// moved makes a committed head known.
func (d *Desk) moved(h head) {
	d.mu.Lock()
	d.head = h
	close(d.change)
	d.change = make(chan struct{})
	d.mu.Unlock()
	d.wakeSaver()
}
