package graphqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strings"
)

// The values of Settings.TrustedDocumentsMode.
const (
	trustedOff     = "off"
	trustedLog     = "log"
	trustedEnforce = "enforce"
)

// trustedDocuments holds the texts of the documents in the manifest by their ids; texts is nil without a manifest.
type trustedDocuments struct {
	texts   map[string]string
	enforce bool
	log     *slog.Logger
}

// apolloManifest is the format of @apollo/generate-persisted-query-manifest.
type apolloManifest struct {
	Format     string
	Operations []struct{ ID, Body string }
}

// loadTrustedDocuments reads the manifest of the settings: a JSON object of texts by their ids, as graphql-codegen's
// client preset and Relay write it, or Apollo's format. It reads none if the settings name no manifest or the mode is
// off.
func loadTrustedDocuments(s Settings, log *slog.Logger) (trustedDocuments, error) {
	t := trustedDocuments{enforce: s.TrustedDocumentsMode == trustedEnforce, log: log}
	if s.TrustedDocuments == "" || s.TrustedDocumentsMode == trustedOff {
		return t, nil
	}
	manifest, err := os.ReadFile(s.TrustedDocuments)
	if err != nil {
		return t, fmt.Errorf("--trusted-documents: %w", err)
	}
	t.texts = map[string]string{}
	var apollo apolloManifest
	if err := json.Unmarshal(manifest, &apollo); err == nil && apollo.Format == "apollo-persisted-query-manifest" {
		for _, operation := range apollo.Operations {
			t.texts[operation.ID] = operation.Body
		}
	} else if err := json.Unmarshal(manifest, &t.texts); err != nil {
		return t, fmt.Errorf("--trusted-documents %s: want a manifest of graphql-codegen, Relay or Apollo: %w", s.TrustedDocuments, err)
	}
	if len(t.texts) == 0 {
		return t, fmt.Errorf("--trusted-documents %s: the manifest has no documents", s.TrustedDocuments)
	}
	t.addHashes()
	return t, nil
}

// hashPrefix is the prefix of a document's id that is its SHA-256 in hexadecimal.
const hashPrefix = "sha256:"

// addHashes adds the SHA-256 of each text as an id, and each id without hashPrefix: clients of persisted queries send
// the bare hash.
func (t trustedDocuments) addHashes() {
	for id, text := range maps.Clone(t.texts) {
		hash := fmt.Sprintf("%x", sha256.Sum256([]byte(text)))
		for _, other := range []string{strings.TrimPrefix(id, hashPrefix), hash, hashPrefix + hash} {
			if _, known := t.texts[other]; !known {
				t.texts[other] = text
			}
		}
	}
}

// find returns the text of the trusted document that a request names by its id or hash; found is false if it names
// none. It returns an error response for any other document in the mode enforce, and for an unknown id without a text.
// In the mode log it logs documents that are not trusted.
func (t trustedDocuments) find(ctx context.Context, req *request, hash string) (text string, found bool, rejected *response) {
	for _, id := range []string{req.documentID, hash} {
		if text, found := t.texts[id]; found && id != "" {
			return text, true, nil
		}
	}
	switch {
	case t.texts != nil && t.enforce:
		return "", false, errorResponse(http.StatusForbidden, newError(codeUntrusted, "the document is not trusted: send the id of a trusted document"))
	case req.documentID != "" && req.query == "":
		return "", false, documentNotFound()
	case t.texts != nil && req.query != "":
		t.log.WarnContext(ctx, "document is not trusted", "sha256", fmt.Sprintf("%x", sha256.Sum256([]byte(req.query))),
			"operation", truncate(req.operationName))
	}
	return "", false, nil
}
