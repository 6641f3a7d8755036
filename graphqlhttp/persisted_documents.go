package graphqlhttp

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"

	"usagegraph/db"
)

const (
	// maxPersisted is the number of persisted documents in the cache.
	maxPersisted = 256
	// maxPersistedText is the maximum length of a persisted document, in bytes.
	maxPersistedText = 16 << 10
)

// persistedDocuments caches documents by their SHA-256 for Apollo's automatic persisted queries, which urql and other
// clients also implement: a client sends a document once with its hash, and later the hash only. Only valid documents
// are cached.
type persistedDocuments struct {
	texts *lru.Cache[string, string]
}

func newPersistedDocuments() (persistedDocuments, error) {
	texts, err := lru.New[string, string](maxPersisted)
	return persistedDocuments{texts}, err
}

// persistedHash returns the hash in the extension persistedQuery of a request, or "" if there is none. It returns a
// BadInput error for a malformed extension.
func persistedHash(req *request) (string, error) {
	extension, given := req.extensions["persistedQuery"]
	if !given || extension == nil {
		return "", nil
	}
	members, _ := extension.(map[string]any)
	hash, ok := members["sha256Hash"].(string)
	if !ok || hash == "" {
		return "", db.Errorf(db.BadInput, "extensions.persistedQuery: want version 1 and a sha256Hash")
	}
	return hash, nil
}

// find returns the text of the document of a request: the cached text of the hash, or the text in the request, which
// may be empty. It returns an error response for an unknown hash, and for a hash that is not that of the text.
func (p persistedDocuments) find(req *request, hash string) (string, *response) {
	switch {
	case hash == "":
		return req.query, nil
	case req.query != "":
		if sum := sha256.Sum256([]byte(req.query)); !strings.EqualFold(hash, hex.EncodeToString(sum[:])) {
			return "", errorResponse(http.StatusBadRequest, db.Errorf(db.BadInput, "extensions.persistedQuery: sha256Hash is not the hash of query"))
		}
		return req.query, nil
	}
	text, cached := p.texts.Get(strings.ToLower(hash))
	if !cached {
		return "", documentNotFound()
	}
	return text, nil
}

// documentNotFound returns the response that makes a client send the text; the message is Apollo's.
func documentNotFound() *response {
	return documentErrorResponse(newError(codeDocumentNotFound, "PersistedQueryNotFound"))
}

// add caches a valid document if the request has its hash.
func (p persistedDocuments) add(hash, text string) {
	if hash != "" && len(text) <= maxPersistedText {
		p.texts.Add(strings.ToLower(hash), text)
	}
}
