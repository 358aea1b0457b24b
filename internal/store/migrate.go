package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"regexp"

	"github.com/pressly/goose/v3"
)

var roomName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// Migrate brings the tables of one room up to its schema: goose files
// "00001_….sql" at the root of the folder, with the column types CTEXT, INT8
// and BYTES, and CLUSTERED behind a table that is kept in the order of its
// primary key where the database can (SQLite). What has run is remembered in op_schema_<room>.
func (db *DB) Migrate(ctx context.Context, room string, schema fs.FS) error {
	if !roomName.MatchString(room) {
		return fmt.Errorf("store: migrate: %q is not a room's name", room)
	}
	select {
	case <-db.writing:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { db.writing <- struct{}{} }()
	var on *sql.DB
	dialect := goose.DialectSQLite3
	if db.lite != nil {
		on = db.lite.writes
	} else {
		on, dialect = db.pg, goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, on, rendered{schema, db.dialect},
		goose.WithTableName("op_schema_"+room), goose.WithDisableGlobalRegistry(true),
		goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("store: migrate %s: %w", room, err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate %s: %w", room, err)
	}
	return nil
}

var columnType = regexp.MustCompile(`\b(CTEXT|INT8|BYTES|CLUSTERED)\b`)

// rendered is a folder of migrations with the column types of one database.
type rendered struct {
	fs.FS
	dialect Dialect
}

func (r rendered) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil {
		return nil, err
	}
	st, err := f.Stat()
	if err != nil || st.IsDir() {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	text = columnType.ReplaceAllFunc(text, func(word []byte) []byte {
		lite := r.dialect == SQLite
		switch string(word) {
		case "CTEXT":
			if lite {
				return []byte("TEXT")
			}
			return []byte(`TEXT COLLATE "C"`)
		case "INT8":
			if lite {
				return []byte("INTEGER") // so that a primary key is the row number
			}
			return []byte("BIGINT")
		case "CLUSTERED":
			if lite {
				return []byte("WITHOUT ROWID")
			}
			return nil
		default:
			if lite {
				return []byte("BLOB")
			}
			return []byte("BYTEA")
		}
	})
	return &renderedFile{Reader: bytes.NewReader(text), info: renderedInfo{st, int64(len(text))}}, nil
}

type renderedFile struct {
	*bytes.Reader
	info renderedInfo
}

func (f *renderedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *renderedFile) Close() error               { return nil }

type renderedInfo struct {
	fs.FileInfo
	size int64
}

func (i renderedInfo) Size() int64 { return i.size }
