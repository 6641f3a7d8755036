package graphqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
)

const (
	modeOff     = "off"
	modeLog     = "log"
	modeEnforce = "enforce"
)

// trusted are the documents that clients were built with, by their ids.
type trusted struct {
	texts   map[string]string
	enforce bool
	log     *slog.Logger
}

// apolloManifest is what @apollo/generate-persisted-query-manifest writes.
type apolloManifest struct {
	Format     string
	Operations []struct{ ID, Body string }
}

// loadTrusted reads a manifest: an object of texts by their ids, as graphql-codegen's client preset and Relay write it,
// or Apollo's. No texts are known where there is no manifest, or it is off.
func loadTrusted(s Settings, log *slog.Logger) (trusted, error) {
	t := trusted{enforce: s.TrustedDocumentsMode == modeEnforce, log: log}
	if s.TrustedDocuments == "" || s.TrustedDocumentsMode == modeOff {
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
		return t, fmt.Errorf("--trusted-documents %s: it has no documents", s.TrustedDocuments)
	}
	return t, nil
}

// find returns the text of a trusted document that a request names. Where it names none, others may be answered, too,
// unless that is an answer.
func (t trusted) find(ctx context.Context, asked *request, hash string) (text string, found bool, refused *answer) {
	for _, id := range []string{asked.documentID, hash} {
		if text, found := t.texts[id]; found && id != "" {
			return text, true, nil
		}
	}
	switch {
	case t.texts != nil && t.enforce:
		return "", false, problem(http.StatusForbidden, failed(codeUntrusted, "only trusted documents are answered here: ask for one by its id"))
	case asked.documentID != "" && asked.query == "":
		return "", false, unknownDocument()
	case t.texts != nil && asked.query != "":
		t.log.WarnContext(ctx, "a document is not trusted", "sha256", fmt.Sprintf("%x", sha256.Sum256([]byte(asked.query))), "operation", clip(asked.operationName))
	}
	return "", false, nil
}
