package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"usagegraph/db"
)

// secretPrefix begins every secret, so that people and scanners know one when they see it.
const secretPrefix = "usagegraph_"

// NewClient gives a client an id and a secret. The secret is 256 random bits, as text; it is returned once and never
// again, since what is kept is its SHA-256. A slow hash would add nothing: that many random bits cannot be guessed,
// however fast a guess is checked.
func NewClient(c *db.Client) (secret string) {
	var bits [32]byte
	rand.Read(bits[:])
	secret = secretPrefix + base64.RawURLEncoding.EncodeToString(bits[:])
	c.ID = "client_" + strings.ToLower(rand.Text()[:16])
	c.SecretHash = hashOf(secret)
	return secret
}

// hashOf returns what is kept of a secret: its SHA-256, in hexadecimal.
func hashOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// isSecret tells a secret from a token.
func isSecret(text string) bool { return strings.HasPrefix(text, secretPrefix) }
