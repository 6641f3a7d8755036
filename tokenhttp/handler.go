// Package tokenhttp makes browser tokens over HTTP.
package tokenhttp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/jsonhttp"
)

// Pattern is the pattern of the route.
const Pattern = "/tokens"

// maxBody is the maximum length of a request, in bytes.
const maxBody = 64 << 10

// Handler makes a browser token for the client of a request.
type Handler struct {
	Tokens *auth.Authenticator
	Log    *slog.Logger
}

// request is the body of a request.
type request struct {
	// Customers are named as system:id or by their global IDs.
	Customers []string `json:"customers"`
	// ExpiresIn is the lifetime in seconds.
	ExpiresIn int64 `json:"expiresIn"`
}

// answer is the body of a response.
type answer struct {
	Token     string  `json:"token"`
	ExpiresAt db.Time `json:"expiresAt"`
}

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.respond(r).Write(w)
}

func (h *Handler) respond(r *http.Request) *jsonhttp.Response {
	ctx := r.Context()
	client, err := auth.From(ctx)
	if err != nil {
		return h.failed(ctx, err)
	}
	if r.Method != http.MethodPost {
		return jsonhttp.Refuse(http.StatusMethodNotAllowed, db.BadInput, "want POST").WithHeader("Allow", http.MethodPost)
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return jsonhttp.Refuse(http.StatusUnsupportedMediaType, db.BadInput, "Content-Type: want application/json")
	}
	if !client.MayMakeTokens {
		return jsonhttp.Refuse(http.StatusForbidden, db.Forbidden, "only a client makes tokens, with its secret: create one with usagegraph client create")
	}
	asked, refusal := read(r.Body)
	if refusal != nil {
		return refusal
	}
	token, err := h.Tokens.NewBrowserToken(ctx, client.ClientID, asked.Customers, time.Duration(asked.ExpiresIn)*time.Second)
	if err != nil {
		return h.failed(ctx, err)
	}
	return &jsonhttp.Response{Status: http.StatusOK, Body: answer{token.Text, token.ExpiresAt}}
}

// read reads the body of a request. It returns a response to refuse an invalid one.
func read(body io.Reader) (asked request, refusal *jsonhttp.Response) {
	text, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	switch {
	case err != nil:
		return asked, jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, "the body ends early")
	case len(text) > maxBody:
		return asked, jsonhttp.Refuse(http.StatusRequestEntityTooLarge, db.LimitExceeded, fmt.Sprintf("the body has more than %d bytes", maxBody))
	}
	if err := json.UnmarshalRead(bytes.NewReader(text), &asked, json.RejectUnknownMembers(true)); err != nil {
		return asked, jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, `want {"customers": ["elevate:17"], "expiresIn": 3600}, the lifetime in seconds`)
	}
	if most := int64(db.MaxTokenLifetime / time.Second); asked.ExpiresIn < 1 || asked.ExpiresIn > most {
		return asked, jsonhttp.Refuse(http.StatusBadRequest, db.BadInput, fmt.Sprintf("expiresIn: want 1 to %d seconds", most))
	}
	return asked, nil
}

// statuses are the HTTP statuses of the errors of the store and of making a token.
var statuses = map[db.Code]int{
	db.BadInput: http.StatusBadRequest, db.NotFound: http.StatusNotFound, db.Ambiguous: http.StatusConflict,
	db.Forbidden: http.StatusForbidden, db.Conflict: http.StatusConflict,
}

// failed returns the response to a request that failed with an error.
func (h *Handler) failed(ctx context.Context, err error) *jsonhttp.Response {
	if refusal := jsonhttp.Unauthenticated(err); refusal != nil {
		return refusal
	}
	var known *db.Error
	if errors.As(err, &known) {
		if status, ok := statuses[known.Code]; ok {
			return jsonhttp.Refuse(status, known.Code, known.Message)
		}
		return jsonhttp.Unavailable(known.Message)
	}
	h.Log.ErrorContext(ctx, "a token was not made", slog.Any("error", err))
	return jsonhttp.Internal()
}
