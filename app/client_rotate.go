package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"usagegraph/auth"
)

type rotateClientCommand struct {
	ID      string        `arg:"" help:"ID of the client (see client list)."`
	Overlap time.Duration `default:"24h" help:"Time for which the secret before stays valid; 0s ends it within 3 seconds."`
}

// Run changes the secret of a client and prints the new one.
func (c *rotateClientCommand) Run(ctx context.Context, s *settings, std streams) error {
	if c.Overlap < 0 {
		return errors.New("--overlap: want 0s or more")
	}
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	secret, hash := auth.NewSecret()
	if err := store.RotateClient(ctx, c.ID, hash, c.Overlap); err != nil {
		return fmt.Errorf("client %s: %w", c.ID, err)
	}
	fmt.Fprintf(std.err, "The secret before is valid until %s.\n", time.Now().Add(c.Overlap).UTC().Format(time.RFC3339))
	_, err = fmt.Fprintf(std.out, "client id  %s\nsecret     %s\n\nThe secret cannot be shown again.\n", c.ID, secret)
	return err
}
