package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
)

// PutBlob keeps a file's bytes under their SHA-256 (hex), which it returns.
// The same bytes are kept once.
func PutBlob(ctx context.Context, tx *Tx, content []byte) (hash string, err error) {
	sum := sha256.Sum256(content)
	hash = hex.EncodeToString(sum[:])
	if content == nil {
		content = []byte{}
	}
	err = tx.Run(ctx, `INSERT INTO op_blob (hash, content) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, content)
	if err != nil {
		return "", fmt.Errorf("store: keep a file: %w", err)
	}
	return hash, nil
}

// ErrNoBlob is the answer for a hash that is not kept.
var ErrNoBlob = errors.New("store: no such file is kept")

// GetBlob returns the bytes kept under a hash; bytes that no longer have that
// hash are an error.
func GetBlob(ctx context.Context, tx *Tx, hash string) ([]byte, error) {
	var content []byte
	err := tx.QueryRow(ctx, `SELECT content FROM op_blob WHERE hash = $1`, hash).Scan(&content)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ErrNoBlob
	}
	if err != nil {
		return nil, fmt.Errorf("store: file %s: %w", hash, err)
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != hash {
		return nil, fmt.Errorf("store: file %s was changed in the database", hash)
	}
	return content, nil
}
