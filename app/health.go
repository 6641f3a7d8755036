package app

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthCommand is for whoever watches over a container that has no other program in it.
type healthCommand struct {
	Addr string `env:"ADDR" default:"127.0.0.1:8080" help:"Where the server listens: host:port."`
}

// healthTimeout is how long the server may take to answer.
const healthTimeout = 3 * time.Second

// Run fails unless the server on this machine is ready.
func (c *healthCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("--addr: want host:port, such as 127.0.0.1:8080")
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	return nil
}
