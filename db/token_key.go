package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	// MaxTokenLifetime is the longest lifetime of a browser token.
	MaxTokenLifetime = 24 * time.Hour
	// tokenKeyLifetime is the time after which another key signs.
	tokenKeyLifetime = 30 * 24 * time.Hour
)

// TokenKey is a key that signs browser tokens.
type TokenKey struct {
	ID string `db:"id"`
	// Secret is the key in base64.
	Secret    string `db:"secret"`
	CreatedAt Time   `db:"created_at"`
	// RetiredAt is the time from which the key signs no token; nil for the current key. Its tokens are valid until they
	// expire.
	RetiredAt *Time `db:"retired_at"`
}

// Verifies reports whether the key may have signed a token that was made at one time and is used at another.
func (k *TokenKey) Verifies(made, used time.Time) bool {
	return k.RetiredAt == nil || !made.After(k.RetiredAt.Time) && used.Before(k.RetiredAt.Add(MaxTokenLifetime))
}

var tokenKeys = newRelation[TokenKey]("token_keys")

// TokenKey returns the key with an id. It returns a NotFound error if there is none.
func (s *Store) TokenKey(ctx context.Context, id string) (*TokenKey, error) {
	keys, err := s.tokenKeysWhere(ctx, "id = $1", id)
	switch {
	case err != nil:
		return nil, err
	case len(keys) == 0:
		return nil, Errorf(NotFound, "no token key with this id")
	}
	return keys[0], nil
}

// SigningKey returns the key that signs new tokens. If there is none, or it is too old, that is a new one made by fresh.
func (s *Store) SigningKey(ctx context.Context, fresh func() *TokenKey) (*TokenKey, error) {
	keys, err := s.tokenKeysWhere(ctx, "retired_at IS NULL")
	if err != nil {
		return nil, err
	}
	if len(keys) > 0 && s.clock().Before(keys[0].CreatedAt.Add(tokenKeyLifetime)) {
		return keys[0], nil
	}
	key := fresh()
	return key, s.RotateTokenKey(ctx, key, false)
}

// RotateTokenKey stores a new key, which signs from now on, and sets its CreatedAt. Tokens of the keys before it are valid
// until they expire, or no longer if revoke is true.
func (s *Store) RotateTokenKey(ctx context.Context, key *TokenKey, revoke bool) error {
	now := s.clock()
	key.CreatedAt = TimeOf(now)
	verifiedBefore := now.Add(-MaxTokenLifetime)
	if revoke {
		verifiedBefore = now
	}
	return s.Write(ctx, func(tx *Tx) error {
		for _, change := range []struct {
			text string
			at   time.Time
		}{
			{"UPDATE token_keys SET retired_at = $1 WHERE retired_at IS NULL", now},
			{"DELETE FROM token_keys WHERE retired_at <= $1", verifiedBefore},
		} {
			if _, err := tx.tx.ExecContext(ctx, change.text, TimeOf(change.at)); err != nil {
				return fmt.Errorf("rotate the token key: %w", err)
			}
		}
		return insertAll(ctx, tx, &tokenKeys, []*TokenKey{key})
	})
}

// tokenKeysWhere returns the keys that satisfy a condition, the newest first.
func (s *Store) tokenKeysWhere(ctx context.Context, condition string, args ...any) (keys []*TokenKey, err error) {
	err = s.withClientConn(ctx, func(conn *sqlx.Conn) error {
		return conn.SelectContext(ctx, &keys, "SELECT id, secret, created_at, retired_at FROM token_keys WHERE "+condition+" ORDER BY created_at DESC, id", args...)
	})
	if err != nil {
		return nil, fmt.Errorf("read token keys: %w", err)
	}
	return keys, nil
}
