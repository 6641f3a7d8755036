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
	// keptTexts is how many persisted texts are kept.
	keptTexts = 256
	// keptText is how long one may be to be kept, in bytes; people's are far shorter.
	keptText = 16 << 10
)

// persisted are documents that clients have sent and then ask for by their hash: Apollo's automatic persisted queries,
// which urql and others speak, too. Only good documents are kept, and the latest of them.
type persisted struct {
	texts *lru.Cache[string, string]
}

func newPersisted() (persisted, error) {
	texts, err := lru.New[string, string](keptTexts)
	return persisted{texts}, err
}

// hashOf returns the hash that a request gives with its document, or in its place; empty where it gives none. It
// returns a BadInput error for what is no hash.
func hashOf(asked *request) (string, error) {
	extension, given := asked.extensions["persistedQuery"]
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

// find returns the text of a request that gives a hash, which is empty where none is given.
func (p persisted) find(asked *request, hash string) (string, *answer) {
	switch {
	case hash == "":
		return asked.query, nil
	case asked.query != "":
		if sum := sha256.Sum256([]byte(asked.query)); !strings.EqualFold(hash, hex.EncodeToString(sum[:])) {
			return "", problem(http.StatusBadRequest, db.Errorf(db.BadInput, "extensions.persistedQuery: the hash is not that of query"))
		}
		return asked.query, nil
	}
	text, known := p.texts.Get(strings.ToLower(hash))
	if !known {
		return "", unknownDocument()
	}
	return text, nil
}

// unknownDocument is the answer that makes a client send the text: the message is Apollo's.
func unknownDocument() *answer {
	a := problem(http.StatusBadRequest, failed(codeUnknownDocument, "PersistedQueryNotFound"))
	a.ofDocument = true
	return a
}

// keep keeps a good document that came with its hash.
func (p persisted) keep(hash, text string) {
	if hash != "" && len(text) <= keptText {
		p.texts.Add(strings.ToLower(hash), text)
	}
}
