package importhttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

// responseTimeout is the timeout for writing the response.
const responseTimeout = 30 * time.Second

// body reads the body of a request. The timeout of the server for the whole request does not apply to it: it may take
// any time, as long as bytes arrive.
type body struct {
	reader  io.Reader
	control *http.ResponseController
	idle    time.Duration
	// mu guards stopped and the read deadline.
	mu      sync.Mutex
	stopped bool
	release func() bool
}

// newBody returns the body of a request. When the context is done, reading it fails.
func newBody(ctx context.Context, w http.ResponseWriter, r *http.Request, s Settings) *body {
	b := &body{reader: http.MaxBytesReader(w, r.Body, s.MaxBytes), control: http.NewResponseController(w), idle: s.Idle}
	b.release = context.AfterFunc(ctx, b.stop)
	return b
}

// stop ends a Read that is waiting, and all later ones.
func (b *body) stop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
	_ = b.control.SetReadDeadline(time.Unix(1, 0)) // a writer without deadlines has a body that does not wait
}

func (b *body) Read(p []byte) (int, error) {
	if err := b.extend(); err != nil {
		return 0, err
	}
	return b.reader.Read(p)
}

// extend sets the deadline of the next Read.
func (b *body) extend() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stopped {
		return context.Canceled
	}
	if err := b.control.SetReadDeadline(time.Now().Add(b.idle)); !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// close sets the deadline of the response.
func (b *body) close() {
	b.release()
	_ = b.control.SetWriteDeadline(time.Now().Add(responseTimeout))
}
