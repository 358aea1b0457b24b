package desk

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"minhbach/internal/ledger"
	"minhbach/internal/store"
)

// Restored says what came back.
type Restored struct {
	From   ledger.Checkpoint // of the log that was backed up
	OldKey string            // its verifier key
	NewKey string            // the verifier key of the log that goes on
	Entry  int64             // the entry that says so
}

// Restore reads a backup into an empty database of either kind. It refuses a
// database or key file that is in use, replays every entry into the tables,
// verifies the whole ledger against the checkpoint in the backup, and goes on
// under a new key, with an entry that names the old log's checkpoint: two
// machines must never sign as one log. All of it is one transaction: a backup
// that does not verify leaves nothing.
func Restore(ctx context.Context, r io.Reader, passphrase string, cfg Config) (res Restored, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("phục hồi (restore): %w", err)
		}
	}()
	d, err := prepare(ctx, cfg)
	if err != nil {
		return res, err
	}
	for _, f := range []string{cfg.KeyFile, cfg.CheckpointFile} {
		if _, err := os.Lstat(f); !errors.Is(err, fs.ErrNotExist) {
			return res, both("đã có tệp %s, không ghi đè; hãy phục hồi vào thư mục trống", "%s exists already and is not overwritten; restore into an empty folder", f)
		}
	}
	lines, err := openBackup(r, passphrase)
	if err != nil {
		return res, err
	}
	if d.key, err = makeKey(cfg.KeyFile); err != nil {
		return res, err
	}
	done := false
	in := &restore{d: d, lines: lines}
	defer func() {
		if !done {
			os.Remove(cfg.KeyFile)
			for _, f := range in.made {
				os.Remove(f)
			}
		}
	}()
	err = d.db.Write(ctx, func(tx *store.Tx) error {
		if err := in.read(ctx, tx); err != nil {
			return err
		}
		if res, err = in.goOn(ctx, tx); err == nil {
			err = in.writeKeys()
		}
		return err
	})
	if err != nil {
		return res, err
	}
	done = true
	cp := ledger.Checkpoint{Origin: d.key.origin, Size: in.at.size(), Root: in.at.tree.Root()}
	signed, err := cp.Sign(d.key.signer)
	if err == nil {
		err = writeFile(cfg.CheckpointFile, signed, true)
	}
	return res, err
}

// Replay reads a backup into an empty database to look at what its entries
// make of the tables: it verifies as Restore does, but starts no new log, so
// no desk can go on there.
func Replay(ctx context.Context, r io.Reader, passphrase string, cfg Config) error {
	cfg.KeyFile, cfg.CheckpointFile = "unused", "unused"
	d, err := prepare(ctx, cfg)
	if err != nil {
		return err
	}
	lines, err := openBackup(r, passphrase)
	if err != nil {
		return fmt.Errorf("desk: replay: %w", err)
	}
	in := &restore{d: d, lines: lines}
	if err := d.db.Write(ctx, func(tx *store.Tx) error { return in.read(ctx, tx) }); err != nil {
		return fmt.Errorf("desk: replay: %w", err)
	}
	return nil
}

// restore is one backup on its way into one transaction.
type restore struct {
	d     *Desk
	lines *backupLines

	at    head
	chunk []rawEntry
	table *backupTable
	rows  [][]any
	bytes int64 // in rows
	count backupEnd
	from  ledger.Checkpoint
	keys  []backupKey
	made  []string // key files written
}

func (in *restore) read(ctx context.Context, tx *store.Tx) error {
	if err := in.empty(ctx, tx); err != nil {
		return err
	}
	in.at = emptyHead()
	for {
		var l backupLine
		if err := in.lines.next(&l); err != nil {
			return err
		}
		if l.End != nil {
			if err := in.flush(ctx, tx); err != nil {
				return err
			}
			if err := in.lines.ended(); err != nil {
				return err
			}
			return in.verify(ctx, tx, l.End)
		}
		if err := in.line(ctx, tx, &l); err != nil {
			return fmt.Errorf("dòng (line) %d: %w", in.lines.line, err)
		}
	}
}

// empty refuses a database that holds anything.
func (in *restore) empty(ctx context.Context, tx *store.Tx) error {
	for _, t := range []string{"ledger_entry", "op_act", "op_blob"} {
		var n int64
		if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM `+t+` LIMIT 1) x`).Scan(&n); err != nil {
			return err
		}
		if n > 0 {
			return both("cơ sở dữ liệu đã có dữ liệu, không ghi đè; hãy phục hồi vào cơ sở dữ liệu trống", "the database is not empty and is not overwritten; restore into an empty one")
		}
	}
	return nil
}

func (in *restore) line(ctx context.Context, tx *store.Tx, l *backupLine) error {
	switch {
	case l.Entry != nil:
		if len(in.chunk) >= replayChunk {
			if err := in.flushEntries(ctx, tx); err != nil {
				return err
			}
		}
		in.chunk = append(in.chunk, rawEntry{idx: in.count.Entries, data: l.Entry})
		in.count.Entries++
		return nil
	case l.Block != nil:
		if len(in.chunk) == 0 {
			return both("có khối mà không có mục của nó", "a block without its entry")
		}
		r := &in.chunk[len(in.chunk)-1]
		b := ledger.Block{Index: r.idx, Name: l.Block.Name, Salt: l.Block.Salt, Content: l.Block.Content}
		if len(r.blocks) >= ledger.MaxBlocks {
			return both("mục có quá nhiều khối", "an entry with too many blocks")
		}
		r.blocks = append(r.blocks, b)
		in.count.Blocks++
		return b.Validate()
	}
	if l.Row == nil || len(in.chunk) > 0 || len(in.rows) >= replayChunk || in.bytes > maxHeld {
		if err := in.flush(ctx, tx); err != nil {
			return err
		}
	}
	switch {
	case l.Blob != nil:
		content, err := base64.StdEncoding.DecodeString(*l.Blob)
		if err == nil {
			_, err = store.PutBlob(ctx, tx, content)
		}
		in.count.Blobs++
		return err
	case l.Key != nil:
		in.count.Keys++
		in.keys = append(in.keys, *l.Key)
		if len(in.keys) > maxKeys || len(l.Key.Content) > 1<<16 {
			return both("bản sao lưu có quá nhiều khóa", "too many keys in the backup")
		}
		return nil
	case l.Table != nil:
		in.table = l.Table
		return in.known(ctx, tx)
	case l.Row != nil:
		if in.table == nil || len(l.Row) != len(in.table.Columns) {
			return both("có dòng không thuộc bảng nào", "a row that fits no table")
		}
		row, err := unpackRow(l.Row)
		in.rows = append(in.rows, row)
		for _, v := range row {
			if raw, ok := v.([]byte); ok {
				in.bytes += int64(len(raw))
			}
		}
		in.count.Rows++
		return err
	}
	return both("dòng không rõ loại", "a line of no known kind")
}

// flush writes what was gathered and is now complete.
func (in *restore) flush(ctx context.Context, tx *store.Tx) error {
	if err := in.flushEntries(ctx, tx); err != nil {
		return err
	}
	rows := in.rows
	in.rows, in.bytes = nil, 0
	if len(rows) == 0 {
		return nil
	}
	return tx.Insert(ctx, in.table.Name, in.table.Columns, rows)
}

func (in *restore) flushEntries(ctx context.Context, tx *store.Tx) (err error) {
	if len(in.chunk) == 0 {
		return nil
	}
	in.at, err = in.d.houses.replayChunk(ctx, tx, in.at, in.chunk)
	in.chunk = nil
	return err
}

// maxHeld bounds the bytes of rows held before they are written: scans lie in
// rows too.
const maxHeld = 32 << 20

var columnName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// known checks the table's name and columns, which become part of a statement,
// against the tables of this program.
func (in *restore) known(ctx context.Context, tx *store.Tx) error {
	t := in.table
	if !kept(t.Name) || !columnName.MatchString(t.Name) {
		return both("bản sao lưu không thể có bảng %q", "a backup cannot hold table %q", t.Name)
	}
	names, err := in.d.db.Tables(ctx)
	if err != nil {
		return err
	}
	if !slices.Contains(names, t.Name) {
		return both("chương trình này không có bảng %s: bản sao lưu do bản mới hơn tạo ra", "this program has no table %s: the backup was made by a newer one", t.Name)
	}
	rows, err := tx.Query(ctx, `SELECT * FROM `+t.Name+` WHERE 1 = 0`)
	if err != nil {
		return err
	}
	defer rows.Close()
	have, err := rows.Columns()
	if err != nil {
		return err
	}
	for _, c := range t.Columns {
		if !columnName.MatchString(c) || !slices.Contains(have, c) {
			return both("bảng %s của chương trình này không có cột %q", "table %s of this program has no column %q", t.Name, c)
		}
	}
	return nil
}

// verify compares what came with what the end of the backup says, and checks
// the whole ledger as it now stands in the tables.
func (in *restore) verify(ctx context.Context, tx *store.Tx, end *backupEnd) error {
	in.count.Checkpoint = end.Checkpoint
	if in.count != *end || end.Entries != in.lines.head.Size || (end.Keys > 0) != (in.lines.head.Version == backupWithKeys) {
		return both("bản sao lưu không có đủ những gì phần cuối của nó nêu", "the backup does not hold what its end says")
	}
	v, err := note.NewVerifier(in.lines.head.Key)
	if err != nil {
		return both("khóa của nhật ký: %v", "key of the log: %v", err)
	}
	if in.from, err = ledger.OpenCheckpoint([]byte(end.Checkpoint), note.VerifierList(v)); err != nil {
		return err
	}
	if in.from.Size != in.at.size() || in.from.Root != in.at.tree.Root() {
		return both("các mục không phải là các mục của điểm kiểm tra đã ký", "the entries are not those of the signed checkpoint")
	}
	check := &verifier{read: within(tx)}
	_, findings, err := check.verify(ctx, emptyHead(), in.at.size())
	if err == nil && len(findings) > 0 {
		err = errors.New(findings[0].Says.VI + " (" + findings[0].Says.EN + ")")
	}
	return err
}

// restoredAct records that the log goes on from a backup.
type restoredAct struct{ body restored }

func (a restoredAct) Name() string    { return "ledger.restore" }
func (a restoredAct) Subject() string { return "log/" + a.body.Origin }
func (a restoredAct) Need() Need      { return Need{} }
func (a restoredAct) Decide(context.Context, *Scene) ([]Draft, error) {
	return []Draft{{Kind: KindRestored, Subjects: []string{a.Subject()}, Body: a.body}}, nil
}

// goOn appends the entry that names the old log. It is the program's own act:
// there is nobody to be asked who may.
func (in *restore) goOn(ctx context.Context, tx *store.Tx) (Restored, error) {
	d := in.d
	res := Restored{From: in.from, OldKey: in.lines.head.Key, NewKey: d.key.vkey}
	act := restoredAct{restored{in.from.Origin, res.OldKey, in.from.Size, hex.EncodeToString(in.from.Root[:]), in.from.PaperCode()}}
	r := &request{form: Form{ID: NewID(), Seen: AnySeen, Act: act}, subject: act.Subject(), own: true}
	g, err := d.newGroup(ctx, tx, in.at, []*request{r})
	if err != nil {
		return res, err
	}
	rec, err := g.do(ctx, r)
	if err != nil {
		return res, err
	}
	res.Entry = rec.Entries[0].Index
	// Forms of the old machine can no longer be compared: its key is gone.
	if err := tx.Run(ctx, `UPDATE op_act SET digest = ''`); err != nil {
		return res, err
	}
	in.at = g.out.head
	return res, g.finish(ctx)
}
