package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// writerLock is the key of the advisory lock that the one writer holds; it is
// mixed with the schema's name, so that two ledgers in one PostgreSQL database
// do not wait for each other.
const writerLock = `SELECT pg_advisory_xact_lock(hashtextextended('minhbach/' || current_schema(), 0))`

func openPostgres(ctx context.Context, dsn string, stats *pgStats) (*sql.DB, error) {
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("postgres: the address cannot be read: %w", err)
	}
	// Acknowledged means on disk, whatever the server's default is.
	cfg.RuntimeParams["synchronous_commit"] = "on"
	cfg.RuntimeParams["timezone"] = "UTC"
	// A statement is planned for the values it is given: a list under a body of
	// forty cells and one under the province want different plans, and after
	// five runs PostgreSQL takes one plan for all. Compiling it pays never.
	cfg.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	cfg.RuntimeParams["jit"] = "off"
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "minhbach"
	}
	db := sql.OpenDB(pgConnector{stdlib.GetConnector(*cfg), stats})
	db.SetMaxOpenConns(3 * maxReaders)
	db.SetMaxIdleConns(3 * maxReaders)
	var encoding string
	if err := db.QueryRowContext(ctx, `SHOW server_encoding`).Scan(&encoding); err != nil {
		db.Close()
		return nil, fmt.Errorf("postgres: %w", err)
	}
	if !strings.EqualFold(encoding, "UTF8") {
		db.Close()
		return nil, fmt.Errorf("postgres: the database's encoding is %s; make it with ENCODING 'UTF8'", encoding)
	}
	return db, nil
}

func (db *DB) inPostgres(ctx context.Context, readOnly bool, fn func(*Tx) error) (err error) {
	opt := &sql.TxOptions{}
	if readOnly {
		// More at once would not answer sooner: each further connection begins
		// with the server's catalogue unread, and all share its processors.
		select {
		case db.pgReads <- struct{}{}:
			defer func() { <-db.pgReads }()
		case <-ctx.Done():
			return ctx.Err()
		}
		opt.Isolation, opt.ReadOnly = sql.LevelRepeatableRead, true
	}
	conn, err := db.pg.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	// database/sql would roll back behind our back when ctx ends, even while
	// committing; statements get their own ctx.
	ptx, err := conn.BeginTx(context.WithoutCancel(ctx), opt)
	if err != nil {
		return err
	}
	defer func() {
		if ptx == nil {
			return
		}
		if rerr := ptx.Rollback(); rerr != nil && !errors.Is(rerr, sql.ErrTxDone) && err != nil {
			err = fmt.Errorf("%w (and rolling back: %v)", err, rerr)
		}
	}()
	if !readOnly {
		if _, err := ptx.ExecContext(ctx, writerLock); err != nil {
			return err
		}
	}
	tx := &Tx{db: db, run: ptx, conn: conn}
	if !readOnly {
		if err := conn.Raw(func(dc any) error { tx.pg = dc.(*pgConn); return nil }); err != nil {
			return err
		}
		tx.pg.forget()
		defer tx.pg.forget()
	}
	defer func() { // before the rollback of whatever went wrong
		if tx.ahead != nil {
			tx.ahead.end()
		}
	}()
	err = fn(tx)
	if err == nil || tx.lost != nil { // what did not arrive is why, whatever fn makes of it
		err = tx.send(context.WithoutCancel(ctx))
	}
	if err != nil {
		return err
	}
	// pgx reports a transaction that PostgreSQL had given up as an error.
	cerr := ptx.Commit()
	ptx = nil
	if cerr == nil && !readOnly {
		db.pgStats.look(context.WithoutCancel(ctx), conn)
	}
	return cerr
}
