package db

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"
)

// Accepts reports whether a hash is that of a secret of the client at a time.
func (c *Client) Accepts(hash string, at Time) bool {
	equal := func(a string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(hash)) == 1 }
	return equal(c.SecretHash) || c.PreviousSecretHash != nil && equal(*c.PreviousSecretHash) && at.Before(c.PreviousSecretUntil.Time)
}

// RotateClient changes the secret of a client to that with this hash. The one before is valid for the time of the overlap.
// It returns a NotFound error if no client has this id, and a Conflict error if the client is revoked or expired.
func (s *Store) RotateClient(ctx context.Context, id, hash string, overlap time.Duration) error {
	now := s.clock()
	return s.Write(ctx, func(tx *Tx) error {
		client, err := oneClient(readClients(ctx, tx.tx, "c.id = $1", id))
		if err != nil {
			return err
		}
		if !client.Valid(TimeOf(now)) {
			return Errorf(Conflict, "the client is revoked or expired: create another one")
		}
		_, err = tx.tx.ExecContext(ctx, "UPDATE api_clients SET previous_secret_hash = secret_hash, previous_secret_until = $1, secret_hash = $2 WHERE id = $3",
			TimeOf(now.Add(overlap)), hash, id)
		if err != nil {
			return fmt.Errorf("rotate client: %w", err)
		}
		return nil
	})
}

// RevokeClient revokes a client. It returns a NotFound error if no client has this id, and a Conflict error if the
// client is already revoked.
func (s *Store) RevokeClient(ctx context.Context, id string) error {
	return s.Write(ctx, func(tx *Tx) error {
		done, err := tx.tx.ExecContext(ctx, "UPDATE api_clients SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", TimeOf(s.clock()), id)
		if err != nil {
			return fmt.Errorf("revoke client: %w", err)
		}
		if n, err := done.RowsAffected(); n > 0 || err != nil {
			return err
		}
		var known int
		if err := tx.tx.GetContext(ctx, &known, "SELECT COUNT(*) FROM api_clients WHERE id = $1", id); err != nil {
			return fmt.Errorf("find client: %w", err)
		}
		if known > 0 {
			return Errorf(Conflict, "client already revoked")
		}
		return Errorf(NotFound, "no client with this id")
	})
}
