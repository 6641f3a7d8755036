package app

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// healthCommand is the health check of a container, whose image has no HTTP client.
type healthCommand struct {
	Addr string `env:"ADDR" default:"127.0.0.1:8080" help:"Address of the server: host:port."`
}

// healthTimeout is the timeout of the request.
const healthTimeout = 3 * time.Second

// Run returns an error unless the server answers GET /readyz with 200.
func (c *healthCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.Addr+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("--addr: want host:port, such as 127.0.0.1:8080")
	}
	// The server is on this machine: a proxy from the environment has no part in the request.
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("the server does not answer: %w", err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the server is not ready: %s", answer.Status)
	}
	return nil
}
