package importhttp

import (
	"mime"
	"net/http"
	"slices"

	"usagegraph/db"
	"usagegraph/jsonhttp"
)

// mediaTypes are the accepted media types. The format is detected by the content. A page of another site cannot make a
// browser send any of them without asking first (CORS), as it can with those of forms and plain text.
var mediaTypes = []string{"application/json", "application/x-ndjson", "application/ndjson", "application/jsonl", "text/csv", "application/gzip", "application/octet-stream"}

// maxKey is the maximum length of an idempotency key in bytes.
const maxKey = 255

// checkHeaders returns the refusal of a body that is announced as of an unsupported type or compression.
func checkHeaders(header http.Header) *jsonhttp.Response {
	if text := header.Get("Content-Type"); text != "" {
		media, _, err := mime.ParseMediaType(text)
		if err != nil || !slices.Contains(mediaTypes, media) {
			return jsonhttp.Refuse(http.StatusUnsupportedMediaType, db.BadInput, "Content-Type: want application/json, application/x-ndjson, text/csv, application/gzip or application/octet-stream (curl -H 'Content-Type: application/json')")
		}
	}
	if encoding := header.Get("Content-Encoding"); encoding != "" && encoding != "gzip" && encoding != "identity" {
		return jsonhttp.Refuse(http.StatusUnsupportedMediaType, db.BadInput, "Content-Encoding: want gzip or none").WithHeader("Accept-Encoding", "gzip")
	}
	return nil
}

// keyOf returns the idempotency key of a request; nil if it has none.
func keyOf(header http.Header) (*string, *jsonhttp.Response) {
	keys := header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return nil, nil
	}
	valid := len(keys) == 1 && len(keys[0]) > 0 && len(keys[0]) <= maxKey
	for i := 0; valid && i < len(keys[0]); i++ {
		valid = keys[0][i] > ' ' && keys[0][i] < 0x7f
	}
	if !valid {
		return nil, jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, "Idempotency-Key: want one key of 1 to 255 printable ASCII characters without spaces")
	}
	return &keys[0], nil
}
