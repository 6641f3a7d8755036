package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"time"

	"usagegraph/db"
)

// secretPrefix is the prefix of every secret, so that secret scanners can find leaked ones.
const secretPrefix = "usagegraph_"

// NewClient sets the id and the secret hash of a new client, and returns the secret.
func NewClient(c *db.Client) (secret string) {
	c.ID = "client_" + strings.ToLower(rand.Text()[:16])
	secret, c.SecretHash = NewSecret()
	return secret
}

// NewSecret returns a secret, 256 random bits as text, and its hash, the SHA-256. Only the hash is stored. A slow password
// hash is not necessary, since a secret of 256 random bits cannot be guessed.
func NewSecret() (secret, hash string) {
	var bits [32]byte
	rand.Read(bits[:])
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(bits[:])
	return secret, hashOf(secret)
}

// hashOf returns the SHA-256 of a secret, in hexadecimal.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// isSecret reports whether a bearer token is a client's secret; otherwise it is a JWT.
func isSecret(text string) bool { return strings.HasPrefix(text, secretPrefix) }

// client returns the identity of a client's secret, and the time until which it is valid: zero if it does not expire.
func (a *Authenticator) client(ctx context.Context, c credential) (Identity, time.Time, error) {
	hash := hashOf(c.secret)
	client, err := a.store.ClientBySecret(ctx, hash)
	if err != nil {
		return Identity{}, time.Time{}, refusalOf(err)
	}
	now := db.TimeOf(a.clock())
	if c.clientID != "" && c.clientID != client.ID || !client.Accepts(hash, now) || !client.Valid(now) {
		return Identity{}, time.Time{}, invalidCredentials()
	}
	until := expiryOf(client)
	if client.SecretHash != hash && (until.IsZero() || client.PreviousSecretUntil.Before(until)) {
		until = client.PreviousSecretUntil.Time
	}
	return Identity{client.ID, client.Name, client.Scope(), client.MayImport, true}, until, nil
}

// expiryOf returns the time until which a client's secret is valid: zero if it does not expire.
func expiryOf(client *db.Client) time.Time {
	if client.ExpiresAt == nil {
		return time.Time{}
	}
	return client.ExpiresAt.Time
}
