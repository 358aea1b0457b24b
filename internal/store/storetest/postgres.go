package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// EnvPostgres names a running PostgreSQL (postgres://…) to use in place of one
// started by the tests. Tests make schemas of their own in it.
const EnvPostgres = "MINHBACH_TEST_PG"

var (
	server     = sync.OnceValues(func() (string, error) { return start(false) })
	durable    = sync.OnceValues(func() (string, error) { return start(true) })
	schemas    atomic.Int64
	guardPipes []io.Closer // kept open for as long as this process lives
)

// PostgresDSN names an empty schema of a PostgreSQL that is started once per
// test process. Without PostgreSQL the test fails and says what to install.
func PostgresDSN(t testing.TB) string { return freshSchema(t, server) }

// DurablePostgresDSN is PostgresDSN on a server that syncs every commit to
// disk: for benchmarks, and for tests about what survives.
func DurablePostgresDSN(t testing.TB) string { return freshSchema(t, durable) }

func freshSchema(t testing.TB, server func() (string, error)) string {
	t.Helper()
	base := os.Getenv(EnvPostgres)
	if base == "" {
		var err error
		if base, err = server(); err != nil {
			t.Fatal(err)
		}
	}
	name := fmt.Sprintf("t%d_%d", os.Getpid(), schemas.Add(1))
	dsn := inSchema(t, base, name, "CREATE SCHEMA "+name)
	t.Cleanup(func() {
		db, err := sql.Open("pgx", base)
		if err != nil {
			t.Error(err)
			return
		}
		defer db.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if _, err := db.ExecContext(ctx, "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Errorf("PostgreSQL for tests: %v", err)
		}
	})
	return dsn
}

// KeptPostgresDSN names a schema of the server that EnvPostgres names, which
// is made when it is missing and stays: for benchmarks that ask once more.
func KeptPostgresDSN(t testing.TB, name string) string {
	t.Helper()
	base := os.Getenv(EnvPostgres)
	if base == "" {
		t.Fatalf("PostgreSQL: what is to stay needs a server that stays: name one in %s", EnvPostgres)
	}
	return inSchema(t, base, name, "CREATE SCHEMA IF NOT EXISTS "+name)
}

// inSchema makes a schema and names it.
func inSchema(t testing.TB, base, name, create string) string {
	t.Helper()
	db, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), create); err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// guard waits until this test process is gone, however it ended (its end of
// the pipe closes), then stops the server and removes its folder.
const guard = `read -r _; "$1"/pg_ctl -D "$2"/data -m immediate -w stop >/dev/null 2>&1; rm -rf "$2"`

// start makes a PostgreSQL in a temporary folder, reachable by a socket in it.
func start(sync bool) (dsn string, err error) {
	bin, err := binaries()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("/tmp", "mbpg") // short: a socket's path is at most 107 bytes
	if err != nil {
		return "", err
	}
	as, err := serverProcess(dir)
	if err != nil {
		return "", err
	}
	run := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(name, args...)
		c.Dir, c.SysProcAttr = dir, as
		return c
	}
	watch := run("sh", "-c", guard, "sh", bin, dir)
	pipe, err := watch.StdinPipe()
	if err == nil {
		err = watch.Start()
	}
	if err != nil {
		return "", fmt.Errorf("PostgreSQL for tests: %w", err)
	}
	guardPipes = append(guardPipes, pipe)
	data := filepath.Join(dir, "data")
	if out, err := run(filepath.Join(bin, "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync", "--no-instructions").CombinedOutput(); err != nil {
		return "", fmt.Errorf("PostgreSQL for tests: initdb: %w\n%s", err, out)
	}
	opts := "-c listen_addresses= -c unix_socket_directories=" + dir + " -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off"
	if !sync {
		opts += " -c fsync=off -c full_page_writes=off"
	}
	if out, err := run(filepath.Join(bin, "pg_ctl"), "-D", data, "-l", filepath.Join(dir, "log"), "-w", "-t", "30", "-o", opts, "start").Output(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		return "", fmt.Errorf("PostgreSQL for tests: pg_ctl: %w\n%s%s", err, out, log)
	}
	return "postgres:///postgres?user=postgres&host=" + url.QueryEscape(dir), nil
}

// binaries finds the server programs: Debian keeps them in a folder of the
// version, outside PATH.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	if len(found) > 0 {
		sort.Slice(found, func(i, j int) bool { return version(found[i]) < version(found[j]) })
		return filepath.Dir(found[len(found)-1]), nil
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	return "", fmt.Errorf("PostgreSQL for tests: its server programs are not here. Install the Debian package postgresql, or name a running server in %s", EnvPostgres)
}

func version(path string) int {
	n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	return n
}
