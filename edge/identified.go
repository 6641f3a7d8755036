package edge

import (
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"usagegraph/auth"
	"usagegraph/db"
)

// codeUnauthenticated is for a request whose credentials are missing or no good, codeTooManyFailures for one from where
// too many of that sort came.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeTooManyFailures = "TOO_MANY_REQUESTS"
)

// identified answers a GraphQL request from someone who is not known, before anything of it is read.
func identified(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := auth.From(r.Context())
		var refusal *auth.Refusal
		var known *db.Error
		switch {
		case err == nil:
			next.ServeHTTP(w, r)
		case errors.As(err, &refusal) && refusal.RetryAfter > 0:
			w.Header().Set("Retry-After", seconds(refusal.RetryAfter))
			refuse(w, refusal.Status(), refusal.Message, map[string]any{"code": codeTooManyFailures})
		case errors.As(err, &refusal):
			w.Header().Set("WWW-Authenticate", "Bearer")
			refuse(w, refusal.Status(), refusal.Message, map[string]any{"code": codeUnauthenticated})
		case errors.As(err, &known) && known.Code == db.Unavailable:
			log.WarnContext(r.Context(), "no answer from the database", "error", err)
			w.Header().Set("Retry-After", "1")
			refuse(w, http.StatusServiceUnavailable, known.Message, map[string]any{"code": string(known.Code)})
		default:
			id := uuid.NewString()
			log.ErrorContext(r.Context(), "cannot find out who asks", "id", id, "error", err)
			refuse(w, http.StatusInternalServerError, "internal error "+id, map[string]any{"code": internalCode, "id": id})
		}
	})
}

// refuse answers with one error and no data.
func refuse(w http.ResponseWriter, status int, message string, extensions map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// The status is sent: an error means that the client is gone.
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": []any{map[string]any{"message": message, "extensions": extensions}}})
}

// seconds writes a time as Retry-After has it: in whole seconds, at least one.
func seconds(d time.Duration) string { return strconv.Itoa(max(1, int(math.Ceil(d.Seconds())))) }
