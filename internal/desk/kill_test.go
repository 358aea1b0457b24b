package desk_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk"
	"minhbach/internal/desk/desktest"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
)

// The storm: a child process (this test binary again) does acts from many
// sides on a real database and says on its output what was acknowledged. It is
// killed at a random moment. Then: nothing acknowledged is lost, nothing half
// done, the ledger verifies, the tables agree with a replay.

const (
	envStorm = "MINHBACH_STORM" // DSN and folder, for the child
	envKills = "MINHBACH_KILLS" // kills per database; 20 when not set
)

func TestMain(m *testing.M) {
	if storm := os.Getenv(envStorm); storm != "" {
		if err := runStorm(storm); err != nil {
			fmt.Fprintln(os.Stderr, "storm:", err)
			os.Exit(1)
		}
	}
	os.Exit(m.Run())
}

func stormConfig(db *store.DB, dir string) desk.Config {
	return desk.Config{
		DB: db, Rooms: []desk.Room{desktest.Toy()}, Authority: desktest.Everybody{}, Rules: desktest.NoRules{},
		KeyFile: filepath.Join(dir, "log.key"), CheckpointFile: filepath.Join(dir, "checkpoint"),
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// runStorm never ends by itself.
func runStorm(storm string) error {
	dsn, dir, _ := strings.Cut(storm, "|")
	ctx := context.Background()
	db, err := store.Open(ctx, dsn)
	if err != nil {
		return err
	}
	d, err := desk.Open(ctx, stormConfig(db, dir))
	if err != nil {
		return err
	}
	if h := d.Health(); h.Stopped != nil {
		return fmt.Errorf("stopped: %s", h.Stopped.EN)
	}
	var out sync.Mutex
	fmt.Println("open")
	for w := range 16 {
		go func() {
			for n := 0; ; n++ {
				var act desk.Act = desktest.Add{ID: fmt.Sprint("n", rand.IntN(50)), By: int64(rand.IntN(9)), Words: []string{"", "riêng"}[n%2]}
				if n%23 == w {
					act = desktest.Fail{Way: "apply"} // groups that roll back
				}
				f := desk.Form{ID: desk.NewID(), Seen: desk.AnySeen, Actor: fmt.Sprint("acc/", w), Act: act}
				r, err := d.Do(ctx, f)
				if err != nil {
					continue
				}
				out.Lock()
				fmt.Println("done", r.Act, r.Entries[0].Index, len(r.Entries))
				out.Unlock()
			}
		}()
	}
	select {}
}

func TestKillStorm(t *testing.T) {
	kills := 20
	if s := os.Getenv(envKills); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			t.Fatalf("%s=%s is not a number of kills", envKills, s)
		}
		kills = n
	}
	t.Cleanup(func() { store.SweepTemp() })
	for name, dsn := range map[string]func(testing.TB) string{"sqlite": storetest.SQLiteDSN, "postgres": storetest.PostgresDSN} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &storm{dsn: dsn(t), dir: t.TempDir(), acked: make(map[string][2]int64)}
			for i := range kills {
				s.kill(t, time.Duration(rand.Int64N(int64(400*time.Millisecond))))
				s.check(t)
				if t.Failed() {
					t.Fatalf("after kill %d", i+1)
				}
				if i%10 == 9 { // begin anew, so that the checks stay short
					t.Logf("%d kills, %d acts acknowledged, %d entries", i+1, len(s.acked), s.size)
					s = &storm{dsn: dsn(t), dir: t.TempDir(), acked: make(map[string][2]int64)}
				}
			}
		})
	}
}

type storm struct {
	dsn, dir string
	acked    map[string][2]int64 // act → first entry, number
	size     int64
}

// kill runs the child for a while after it opened, and kills it.
func (s *storm) kill(t *testing.T, after time.Duration) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), envStorm+"="+s.dsn+"|"+s.dir)
	var complaint strings.Builder
	c.Stderr = &complaint
	pipe, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(pipe)
	for lines.Scan() {
		if lines.Text() == "open" {
			// Some kills come while the first groups are still on their way.
			time.AfterFunc(after, func() { _ = c.Process.Kill() })
			continue
		}
		var id string
		var first, n int64
		if k, _ := fmt.Sscanf(lines.Text(), "done %s %d %d", &id, &first, &n); k == 3 {
			s.acked[id] = [2]int64{first, n}
		}
	}
	_ = c.Wait() // killed
	if complaint.Len() > 0 {
		t.Fatal(complaint.String())
	}
}

func (s *storm) check(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	db, err := store.Open(ctx, s.dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	// PostgreSQL may still be at the commit that the killed program had sent:
	// whoever gets the writer's lock finds it done or undone.
	if err := db.Write(ctx, func(*store.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	d, err := desk.Open(ctx, stormConfig(db, s.dir))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if h := d.Health(); h.Stopped != nil {
		t.Fatalf("stopped: %s", h.Stopped.EN)
	}
	desktest.CheckRebuild(t, d)
	s.size = d.Head() + 1
	err = d.Read(ctx, func(tx *store.Tx) error {
		made := make(map[string]int64) // act → entries in the ledger
		rs, err := desk.Range(ctx, tx, 0, s.size)
		if err != nil {
			return err
		}
		for _, r := range rs {
			made[r.Act]++
		}
		rows, err := tx.Query(ctx, `SELECT id, first, count FROM op_act`)
		if err != nil {
			return err
		}
		defer rows.Close()
		acts := 0
		for rows.Next() {
			var id string
			var first, n int64
			if err := rows.Scan(&id, &first, &n); err != nil {
				return err
			}
			acts++
			if made[id] != n || n < 1 || rs[first].Act != id || rs[first+n-1].Act != id {
				t.Errorf("act %s is half done: %d of %d entries", id, made[id], n)
			}
			if a, ok := s.acked[id]; ok && a != [2]int64{first, n} {
				t.Errorf("act %s was acknowledged as %v and stands as %d, %d", id, a, first, n)
			}
		}
		if acts != len(made) {
			t.Errorf("%d acts are remembered, %d are in the ledger", acts, len(made))
		}
		for id := range s.acked {
			if made[id] == 0 {
				t.Errorf("act %s was acknowledged and is lost", id)
			}
		}
		return rows.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
}
