package importhttp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"

	"usagegraph/db"
	"usagegraph/jsonhttp"
)

// repeat answers a request whose idempotency key an import has used: with the report of that import if the document is
// the same, and with an error otherwise.
func (h *Handler) repeat(ctx context.Context, u upload, first *db.Import, body io.Reader) *jsonhttp.Response {
	hash := sha256.New()
	if _, err := io.Copy(hash, body); err != nil {
		return h.failed(ctx, err)
	}
	if first.Source != u.source || first.Digest == nil || *first.Digest != hex.EncodeToString(hash.Sum(nil)) {
		return jsonhttp.Refuse(http.StatusUnprocessableEntity, db.Conflict, "the Idempotency-Key was used for another document: choose another key")
	}
	row, rejects, err := h.Store.Import(ctx, first.ID)
	if err != nil {
		return h.failed(ctx, err)
	}
	return &jsonhttp.Response{Status: http.StatusOK, Body: newReport(row, rejects)}
}
