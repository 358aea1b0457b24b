package persontest_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"minhbach/internal/desk/desktest"
	"minhbach/internal/org"
	"minhbach/internal/person"
	"minhbach/internal/person/persontest"
	"minhbach/internal/rule"
	"minhbach/internal/store"
	"minhbach/internal/store/storetest"
	"minhbach/internal/table"
	"minhbach/internal/vn"
)

// members is how many the benches are made for: MINHBACH_BENCH_MEMBERS, or few
// enough to try the benches themselves.
func members() int {
	if v, err := strconv.Atoi(os.Getenv("MINHBACH_BENCH_MEMBERS")); err == nil {
		return v
	}
	return 3000
}

// large is from how many members on the benches spare time and room: the raw
// load goes table by table, fewer posts, less hand-written SQL.
const large = 200_000

func dialects() map[string]func(testing.TB) *store.DB {
	all := map[string]func(testing.TB) *store.DB{"sqlite": storetest.SQLite, "postgres": storetest.Postgres}
	if only := os.Getenv("MINHBACH_BENCH_DB"); only != "" {
		return map[string]func(testing.TB) *store.DB{only: all[only]}
	}
	return all
}

// BenchmarkRegistry makes a registry through the acts and asks it what an
// office asks, each beside hand-written SQL on the same tables:
//
//	MINHBACH_BENCH_MEMBERS=60000 go test ./internal/person/persontest -run '^$' -bench Registry -benchtime 1x -timeout 60m
//
// MINHBACH_BENCH_KEEP: see keepEnv.
func BenchmarkRegistry(b *testing.B) {
	for name, open := range dialects() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				registry(b, open)
			}
		})
	}
}

func registry(b *testing.B, open func(testing.TB) *store.DB) {
	roomy(b)
	ctx, n := b.Context(), members()
	start, say := time.Now(), progress()
	what := persontest.Size{Members: n, Seed: 1, Bare: true, AtOnce: 12, Done: say.each(n), Posts: 1}
	if n > large {
		what.Posts, what.AtOnce = 10, 24
	}
	db, done := kept(b, open)
	if done { // only asked once more
		ready(b, db)
		say.Printf("%d members on %s, kept from a run before; size: %s", n, db.Dialect(), mega(size(b, db)))
		m := persontest.Plan(what)
		questions(b, db, say, m)
		lists(b, db, say, m)
		return
	}
	d := desktest.New(b, db, org.Room(), person.Room())
	say.Printf("%d members on %s; recording them, %d bodies' lists at once", n, db.Dialect(), what.AtOnce)
	used := cpu()
	m, err := persontest.Fill(ctx, d, what)
	if err != nil {
		b.Fatal(err)
	}
	filled, fillUsed := time.Since(start), cpu()-used
	say.Printf("made %d persons in %v: %.0f a second; size: %s (%.0f bytes a person)", n, filled.Round(time.Millisecond), float64(n)/filled.Seconds(), mega(size(b, db)), float64(size(b, db))/float64(n))
	b.ReportMetric(float64(n)/filled.Seconds(), "persons/s")
	if n > large { // the raw load takes long: what is known before it stands in the record
		settled(b, db)
		ready(b, db)
		questions(b, db, say, m)
	}
	rows, raw, rawUsed := rawLoad(b, db, open, say)
	say.Printf("%d rows of all tables, %.1f a person; loaded raw in %v (processor time %v), so the import (%v, processor time %v) ran at %.1f %% of that, %.1f %% by processor time", rows, float64(rows)/float64(n),
		raw.Round(time.Millisecond), rawUsed.Round(time.Millisecond), filled.Round(time.Millisecond), fillUsed.Round(time.Millisecond), 100*raw.Seconds()/filled.Seconds(), 100*rawUsed.Seconds()/fillUsed.Seconds())
	b.ReportMetric(100*raw.Seconds()/filled.Seconds(), "import-%-of-raw")
	if db.Dialect() == store.SQLite { // PostgreSQL works in processes of its own
		b.ReportMetric(100*rawUsed.Seconds()/fillUsed.Seconds(), "import-cpu-%-of-raw")
	}
	start = time.Now()
	if err := persontest.Extras(ctx, d, what, m); err != nil {
		b.Fatal(err)
	}
	say.Printf("posts and relatives, one act each, 32 at once: %v; size: %s", time.Since(start).Round(time.Millisecond), mega(size(b, db)))
	settled(b, db)
	ready(b, db)
	if n <= large {
		questions(b, db, say, m)
	}
	lists(b, db, say, m)
	keep(b, n)
}

// keepEnv names a folder in which a registry on SQLite stays after the run, and
// is asked again, without being made, by the next run with as many members: so
// that what answers questions can be changed and measured on millions. On
// PostgreSQL it stays in a schema of the server that storetest.EnvPostgres
// names; the folder only knows that it is whole.
const keepEnv = "MINHBACH_BENCH_KEEP"

func keptMark(n int) string {
	return filepath.Join(os.Getenv(keepEnv), fmt.Sprintf("whole-%s-%d", os.Getenv("MINHBACH_BENCH_DB"), n))
}

// kept opens the database for this run and says whether it is a whole registry
// from a run before.
func kept(b *testing.B, open func(testing.TB) *store.DB) (db *store.DB, whole bool) {
	dir := os.Getenv(keepEnv)
	if dir == "" {
		return open(b), false
	}
	name := fmt.Sprintf("registry-%d", members())
	dsn := "sqlite:" + filepath.Join(dir, name+".db")
	switch os.Getenv("MINHBACH_BENCH_DB") {
	case "sqlite":
	case "postgres":
		dsn = storetest.KeptPostgresDSN(b, strings.ReplaceAll(name, "-", "_"))
	default:
		b.Fatal(keepEnv + " wants one database: MINHBACH_BENCH_DB=sqlite or postgres")
	}
	_, err := os.Stat(keptMark(members()))
	whole = err == nil
	db, err = store.Open(b.Context(), dsn)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Errorf("closing the database: %v", err)
		}
	})
	return db, whole
}

func keep(b *testing.B, n int) {
	if os.Getenv(keepEnv) == "" {
		return
	}
	if err := os.WriteFile(keptMark(n), nil, 0o600); err != nil {
		b.Fatal(err)
	}
}

// lists asks lists as officers open them.
func lists(b *testing.B, db *store.DB, say *speaker, m persontest.Made) {
	users(b, db, say, "list", func(r *rand.Rand) ask { return listedAs(r, m) }, nil)
}

// questions asks what no post is needed for: searches and counts.
func questions(b *testing.B, db *store.DB, say *speaker, m persontest.Made) {
	users(b, db, say, "search", func(r *rand.Rand) ask { return typed(r, b, db, m) }, matching(b, db))
	counts(b, db, say, m)
}

// roomy sweeps as seldom as the server does (cmd/minhbach), the raw load too.
func roomy(b *testing.B) {
	before := debug.SetGCPercent(300)
	b.Cleanup(func() { debug.SetGCPercent(before) })
}

// ask is one question, and the same in hand-written SQL.
type ask struct {
	name string
	text string // typed
	run  func(ctx context.Context, tx *store.Tx) error
	hand func(ctx context.Context, tx *store.Tx) error
}

// users lets twenty ask a question a second each, for ten seconds. matches,
// when given, says how many persons a text finds: those of at most 10,000 have
// a goal of their own.
func users(b *testing.B, db *store.DB, say *speaker, what string, next func(*rand.Rand) ask, matches func(text string) int) {
	const people, rounds = 20, 10
	say.Printf("%s: %d users, a question a second each, %d seconds", what, people, rounds)
	var mu sync.Mutex
	var ours, hand, few, many []time.Duration
	slow := map[string]time.Duration{}
	took := map[string][]time.Duration{}
	var wg sync.WaitGroup
	for u := range people {
		r := rand.New(rand.NewPCG(7, uint64(u)))
		asks := make([]ask, rounds)
		for i := range asks {
			asks[i] = next(r)
		}
		wg.Go(func() {
			time.Sleep(time.Duration(u) * time.Second / people)
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for _, a := range asks {
				start := time.Now()
				err := db.Read(b.Context(), func(tx *store.Tx) error { return a.run(b.Context(), tx) })
				d := time.Since(start)
				if err != nil {
					b.Error(err)
					return
				}
				mu.Lock()
				ours = append(ours, d)
				took[a.text] = append(took[a.text], d)
				slow[a.name] = max(slow[a.name], d)
				mu.Unlock()
				<-tick.C
			}
		})
	}
	wg.Wait()
	r := rand.New(rand.NewPCG(7, 0))
	byHand := 40
	if members() > large {
		byHand = 8 // each may read all members
	}
	for range byHand {
		a := next(r)
		start := time.Now()
		if err := db.Read(b.Context(), func(tx *store.Tx) error { return a.hand(b.Context(), tx) }); err != nil {
			b.Fatal(err)
		}
		hand = append(hand, time.Since(start))
	}
	slices.Sort(ours)
	slices.Sort(hand)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	p50, p99 := ours[len(ours)/2], ours[len(ours)*99/100]
	b.ReportMetric(ms(p50), what+"-p50-ms")
	b.ReportMetric(ms(p99), what+"-p99-ms")
	b.ReportMetric(ms(hand[len(hand)/2])/ms(p50), what+"-p50-of-sql")
	names := make([]string, 0, len(slow))
	for k := range slow {
		names = append(names, k)
	}
	slices.SortFunc(names, func(x, y string) int { return int(slow[y] - slow[x]) })
	var slowest []string
	for _, k := range names[:min(3, len(names))] {
		slowest = append(slowest, fmt.Sprintf("%s %v", k, slow[k].Round(100*time.Microsecond)))
	}
	say.Printf("%s: p50 %v, p99 %v; hand-written SQL, one after another, p50 %v, p99 %v; slowest: %s", what, p50, p99, hand[len(hand)/2], hand[len(hand)*99/100], strings.Join(slowest, ", "))
	if matches == nil {
		return
	}
	for text, ds := range took {
		if matches(text) <= 10_000 {
			few = append(few, ds...)
		} else {
			many = append(many, ds...)
		}
	}
	for name, ds := range map[string][]time.Duration{"few": few, "many": many} {
		if slices.Sort(ds); len(ds) > 0 {
			p := ds[len(ds)*99/100]
			b.ReportMetric(ms(p), what+"-"+name+"-p99-ms")
			say.Printf("%s: %d asks for which %s match (few: at most 10,000): p50 %v, p99 %v", what, len(ds), name, ds[len(ds)/2], p)
		}
	}
}

// matching counts the persons whose name holds all words of a text, each as
// far as typed, from one reading of all names.
func matching(b *testing.B, db *store.DB) func(text string) int {
	names := map[string]int{}
	if err := db.Read(b.Context(), func(tx *store.Tx) error {
		rows, err := tx.Query(b.Context(), `SELECT folded, COUNT(*) FROM person_listed WHERE valid_from <= $1 AND (valid_to = '' OR valid_to > $1) GROUP BY folded`, persontest.On.String())
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			var n int
			if err := rows.Scan(&name, &n); err != nil {
				return err
			}
			names[" "+name] = n
		}
		return rows.Err()
	}); err != nil {
		b.Fatal(err)
	}
	return func(text string) (n int) {
		words := strings.Fields(text)
		for i := range words {
			words[i] = " " + words[i]
		}
		for name, k := range names {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) }) {
				n += k
			}
		}
		return n
	}
}

// typed is what somebody types who looks for a person: the beginning of the
// name, some words of it, in an order of their own.
func typed(r *rand.Rand, b *testing.B, db *store.DB, m persontest.Made) ask {
	var name string
	err := db.Read(b.Context(), func(tx *store.Tx) error {
		p, _, err := person.Get(b.Context(), tx, m.Persons[r.IntN(len(m.Persons))], org.Now(persontest.On))
		name = vn.Fold(p.Identity.Name)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	ws := strings.Fields(name)
	switch r.IntN(4) {
	case 0: // the first letters
		name = ws[0][:min(len(ws[0]), 1+r.IntN(3))]
	case 1:
		name = ws[len(ws)-1]
	case 2:
		name = ws[0] + " " + ws[len(ws)-1][:1]
	}
	f := person.Find{On: persontest.On, Name: name, Limit: 20}
	return ask{"“" + name + "”", name, func(ctx context.Context, tx *store.Tx) error { _, err := f.Run(ctx, tx); return err },
		func(ctx context.Context, tx *store.Tx) error {
			q := `SELECT l.person, i.content FROM person_listed l JOIN person_identity i ON i.entry = l.content WHERE l.valid_from <= $1 AND (l.valid_to = '' OR l.valid_to > $1)`
			args := []any{persontest.On.String()}
			for _, w := range strings.Fields(name) {
				args = append(args, "% "+w+"%")
				q += fmt.Sprintf(` AND ' ' || l.folded LIKE $%d`, len(args))
			}
			return drain(ctx, tx, q+` ORDER BY l.sort_key, l.person LIMIT 20`, args...)
		}}
}

// listedAs is a list as an officer opens it.
func listedAs(r *rand.Rand, m persontest.Made) ask {
	f := person.Find{On: persontest.On, Limit: 50}
	where, args := ``, []any{persontest.On.String()}
	name := ""
	body := m.Bodies[r.IntN(len(m.Bodies))]
	switch r.IntN(5) {
	case 0:
		name = "everybody"
	case 1:
		name, f.Under = "a body", body
		where, args = ` AND l.under IN (`+org.SubtreeSQL(1, 2)+`)`, append(args, body)
	case 2:
		name, f.Under, f.Gender = "women of the province", m.Root, "female"
		where, args = ` AND l.gender = 'female' AND l.under IN (`+org.SubtreeSQL(1, 2)+`)`, append(args, m.Root)
	case 3:
		to := 35
		name, f.Who, f.Age.To = "official members up to 35", person.WhoOfficial, &to
		where, args = ` AND l.standing = 'official' AND l.born_first > $2`, append(args, persontest.On.AddMonths(-36*12).String())
	case 4:
		name, f.Title, f.Under = "secretaries of a body", "secretary", body
		where, args = ` AND l.under IN (`+org.SubtreeSQL(1, 2)+`) AND l.person IN (SELECT person FROM person_post WHERE title = 'secretary' AND entry_to = -1)`, append(args, body)
	}
	return ask{name, "", func(ctx context.Context, tx *store.Tx) error { _, err := f.Run(ctx, tx); return err },
		func(ctx context.Context, tx *store.Tx) error {
			return drain(ctx, tx, `SELECT l.person, i.content FROM person_listed l JOIN person_identity i ON i.entry = l.content WHERE l.valid_from <= $1 AND (l.valid_to = '' OR l.valid_to > $1)`+where+` ORDER BY l.sort_key, l.person LIMIT 50`, args...)
		}}
}

func drain(ctx context.Context, tx *store.Tx, q string, args ...any) error {
	rows, err := tx.Query(ctx, q, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return err
	}
	into := make([]any, len(cols))
	for i := range into {
		into[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// counts asks how many by each group, of all, of the province's subtree and of
// a body, on three days.
func counts(b *testing.B, db *store.DB, say *speaker, m persontest.Made) {
	say.Printf("counts")
	asked, byHand := 0, 0
	var worst, all, hand time.Duration
	slowest := ""
	groups := []string{person.ByStanding, person.ByGender, person.ByEthnicity, person.ByBorn, person.BySince}
	columns := map[string]string{person.ByStanding: "standing", person.ByGender: "gender", person.ByEthnicity: "ethnicity", person.ByBorn: "born_first", person.BySince: "since"}
	for _, on := range []vn.Date{persontest.On, vn.MustDate("2025-07-01"), vn.MustDate("2010-01-01")} {
		for _, root := range []string{"", m.Root, m.Bodies[len(m.Bodies)/2]} {
			for _, g := range groups {
				start := time.Now()
				if err := db.Read(b.Context(), func(tx *store.Tx) error { _, err := person.Count(b.Context(), tx, g, root, on); return err }); err != nil {
					b.Fatal(err)
				}
				took := time.Since(start)
				if took > worst {
					worst, slowest = took, g+" under "+root+" on "+on.String()
				}
				if asked++; members() > large && asked%7 != 0 {
					continue // by hand each reads all members
				}
				all += took
				byHand++
				where, args := ``, []any{on.String()}
				if root != "" {
					where, args = ` AND l.under IN (`+org.SubtreeSQL(1, 2)+`)`, append(args, root)
				}
				start = time.Now()
				if err := db.Read(b.Context(), func(tx *store.Tx) error {
					return drain(b.Context(), tx, `SELECT l.`+columns[g]+`, COUNT(*) FROM person_listed l WHERE l.standing <> '' AND l.valid_from <= $1 AND (l.valid_to = '' OR l.valid_to > $1)`+where+` GROUP BY l.`+columns[g], args...)
				}); err != nil {
					b.Fatal(err)
				}
				hand += time.Since(start)
			}
		}
	}
	b.ReportMetric(float64(worst.Microseconds())/1000, "count-max-ms")
	b.ReportMetric(hand.Seconds()/all.Seconds(), "count-of-sql")
	say.Printf("counts: %d, the slowest %v (%s); %d of them in %v, by hand-written SQL over the people %v", asked, worst.Round(10*time.Microsecond), slowest, byHand, all.Round(time.Millisecond), hand.Round(time.Millisecond))
}

// rawLoad writes every row that the database holds into an empty one, in big
// statements and few transactions, and says how many and how long only the
// writing took. Of many members each table goes into a file of its own, which
// is gone before the next: two databases of 20 GB find no room.
func rawLoad(b *testing.B, from *store.DB, open func(testing.TB) *store.DB, say *speaker) (rows int, took, used time.Duration) {
	ctx := b.Context()
	var to *store.DB
	empty := func() (done func()) {
		dir := ""
		if members() > large {
			var err error
			if dir, err = os.MkdirTemp("", "raw"); err != nil {
				b.Fatal(err)
			}
			if to, err = store.Open(ctx, "sqlite:"+filepath.Join(dir, "raw.db")); err != nil {
				b.Fatal(err)
			}
		} else {
			to = open(b)
		}
		if err := desktest.New(b, to, org.Room(), person.Room()).Close(); err != nil {
			b.Fatal(err)
		}
		return func() {
			if dir == "" {
				return
			}
			if err := errors.Join(to.Close(), os.RemoveAll(dir)); err != nil {
				b.Fatal(err)
			}
		}
	}
	done := empty()
	names, err := from.Tables(ctx)
	if err != nil {
		b.Fatal(err)
	}
	err = from.Read(ctx, func(tx *store.Tx) error {
		for _, name := range names {
			if strings.HasPrefix(name, "op_schema") || name == "op_desk" {
				continue
			}
			n, d, c, err := copyTable(ctx, tx, to, name)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			rows, took, used = rows+n, took+d, used+c
			if members() > large && n > 0 {
				say.Printf("raw: %d rows of %s in %v", n, name, d.Round(time.Millisecond))
				done()
				done = empty()
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	done()
	return rows, took, used
}

// settled lets PostgreSQL do what its autovacuum, which the servers of tests
// do without, does within the minute.
func settled(b *testing.B, db *store.DB) {
	if db.Dialect() != store.Postgres {
		return
	}
	if err := storetest.Vacuum(b.Context(), db); err != nil {
		b.Fatal(err)
	}
}

// ready does what the server does when it starts.
func ready(b *testing.B, db *store.DB) {
	if err := person.Ready(b.Context(), db, persontest.On); err != nil {
		b.Fatal(err)
	}
}

const copyChunk = 50_000

func copyTable(ctx context.Context, tx *store.Tx, to *store.DB, name string) (n int, took, used time.Duration, err error) {
	rows, err := tx.Query(ctx, `SELECT * FROM `+name)
	if err != nil {
		return 0, 0, 0, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return 0, 0, 0, err
	}
	var chunk [][]any
	flush := func() error {
		start, before := time.Now(), cpu()
		err := to.Write(ctx, func(w *store.Tx) error { return w.Insert(ctx, name, cols, chunk) })
		took, used, n, chunk = took+time.Since(start), used+cpu()-before, n+len(chunk), nil
		return err
	}
	for rows.Next() {
		row, into := make([]any, len(cols)), make([]any, len(cols))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return n, took, used, err
		}
		if chunk = append(chunk, row); len(chunk) == copyChunk {
			if err := flush(); err != nil {
				return n, took, used, err
			}
		}
	}
	if err := rows.Err(); err != nil {
		return n, took, used, err
	}
	err = flush()
	return n, took, used, err
}

// size is how much room the database takes.
func size(b *testing.B, db *store.DB) int64 {
	b.Helper()
	q := `SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()`
	if db.Dialect() == store.Postgres {
		q = `SELECT CAST(SUM(pg_total_relation_size(c.oid)) AS BIGINT) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'`
	}
	var bytes int64
	if err := db.Read(b.Context(), func(tx *store.Tx) error { return tx.QueryRow(b.Context(), q).Scan(&bytes) }); err != nil {
		b.Fatal(err)
	}
	return bytes
}

func mega(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }

// BenchmarkImport reads a file of so many members, says what it would do and
// records it, beside loading the same rows raw.
func BenchmarkImport(b *testing.B) {
	for name, open := range dialects() {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				importFile(b, open)
			}
		})
	}
}

func importFile(b *testing.B, open func(testing.TB) *store.DB) {
	roomy(b)
	ctx, n := b.Context(), members()
	lib, err := rule.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	db := open(b)
	d := desktest.New(b, db, org.Room(), person.Room())
	m, err := persontest.Fill(ctx, d, persontest.Size{Members: 1, Seed: 1, PerCell: 15})
	if err != nil {
		b.Fatal(err)
	}
	cells := persontest.Made{}
	load := org.LoadUnits{From: persontest.From, Decision: org.Decision{Number: "x", Date: persontest.From}}
	for i := range (n + 14) / 15 {
		id := fmt.Sprintf("org/nhap-%05d", i)
		cells.Cells = append(cells.Cells, id)
		load.Units = append(load.Units, org.Found{ID: id, Title: "Chi bộ nhập " + strconv.Itoa(i), Kind: org.Cell, Parent: m.Bodies[0]})
	}
	if err := org.Load(ctx, d, "nhap-don-vi", "bench", load); err != nil {
		b.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("Họ và tên;Ngày sinh;Giới tính;Dân tộc;Quê quán;Chi bộ;Ngày về chi bộ;Ngày QĐ kết nạp;Ngày kết nạp;Ngày chính thức;Mã người\n")
	for body := 0; body*600 < n; body++ {
		for _, r := range persontest.Rows(persontest.Size{Members: n, Seed: 2}, cells, body) {
			x, s := r.Identity, r.Step
			fmt.Fprintf(&text, "%s;%s;%s;%s;%s;%s;%s;%s;%s;%s;mới\n", x.Name, x.Born.Vietnamese(), map[string]string{"male": "nam", "female": "nữ"}[x.Gender], x.Ethnicity, x.Hometown,
				strings.TrimPrefix(s.Org, "org/"), s.From.Vietnamese(), s.Admitted.Vietnamese(), s.Sworn.Vietnamese(), s.Recognised.Vietnamese())
		}
	}
	start, used := time.Now(), cpu()
	t, err := table.Parse([]byte(text.String()))
	if err != nil {
		b.Fatal(err)
	}
	var plan []person.PlanRow
	if err := d.Read(ctx, func(tx *store.Tx) error {
		plan, err = person.PlanImport(ctx, tx, lib, t, person.GuessColumns(t.Header), m.Bodies[0], "nhap", persontest.On, func(string) bool { return true })
		return err
	}); err != nil {
		b.Fatal(err)
	}
	looked, lookUsed := time.Since(start), cpu()-used
	var rows []person.ImportRow
	for _, r := range plan {
		if r.Outcome != person.RowNew {
			b.Fatalf("line %d is %s: %s", r.Line, r.Outcome, r.Why.EN)
		}
		rows = append(rows, r.Row)
	}
	before := countRows(b, db)
	used = cpu()
	if _, _, err := person.RunImport(ctx, d, "nhap", "bench", m.Bodies[0], "nhap.csv", "", rows, func() bool { return true }); err != nil {
		b.Fatal(err)
	}
	took, fillUsed := time.Since(start), cpu()-used
	all, raw, rawUsed := rawLoad(b, db, open, progress())
	written := countRows(b, db) - before
	raw = time.Duration(float64(raw) * float64(written) / float64(all))
	b.ReportMetric(looked.Seconds(), "dry-run-s")
	b.ReportMetric(took.Seconds(), "import-s")
	b.ReportMetric(100*raw.Seconds()/(took-looked).Seconds(), "import-%-of-raw")
	if db.Dialect() == store.SQLite {
		b.ReportMetric(100*rawUsed.Seconds()*float64(written)/float64(all)/fillUsed.Seconds(), "import-cpu-%-of-raw")
	}
	b.Logf("%d lines: dry run %v, all %v (processor time of this program %v and %v); %d rows written, raw %v", n, looked.Round(time.Millisecond), took.Round(time.Millisecond),
		lookUsed.Round(time.Millisecond), (lookUsed + fillUsed).Round(time.Millisecond), written, raw.Round(time.Millisecond))
}

func countRows(b *testing.B, db *store.DB) int {
	b.Helper()
	names, err := db.Tables(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	all := 0
	if err := db.Read(b.Context(), func(tx *store.Tx) error {
		for _, name := range names {
			n := 0
			if err := tx.QueryRow(b.Context(), `SELECT COUNT(*) FROM `+name).Scan(&n); err != nil {
				return err
			}
			all += n
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	return all
}
