package app

import (
	"context"
	"fmt"
	"time"

	"usagegraph/auth"
)

type tokenCommand struct {
	Create createTokenCommand `cmd:"" help:"Make a token of a client for some of its customers, and print it."`
	Rotate rotateTokenCommand `cmd:"" help:"Sign tokens with a new key from now on."`
}

// Help describes tokens.
func (tokenCommand) Help() string {
	return `A token lets a web page show a customer its own usage: it reads the records of some customers of a client, without costs, for at most 24 hours, and ends when the client is revoked. Servers make tokens with POST /tokens. See docs/browser-tokens.md.`
}

type createTokenCommand struct {
	Client    string        `required:"" help:"ID of the client (see client list)." placeholder:"ID"`
	Customer  []string      `required:"" help:"Customer whose records the token shows, as system:id (elevate:17); repeat it for several." placeholder:"SYSTEM:ID" sep:"none"`
	ExpiresIn time.Duration `default:"1h" help:"Lifetime: at most 24h."`
}

// Run prints a token on standard output, and the time of its end on standard error.
func (c *createTokenCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	token, err := auth.New(store, auth.Settings{}).NewBrowserToken(ctx, c.Client, c.Customer, c.ExpiresIn)
	if err != nil {
		return fmt.Errorf("token: %w", err)
	}
	fmt.Fprintf(std.err, "The token is valid until %s.\n", token.ExpiresAt.Format(time.RFC3339))
	_, err = fmt.Fprintln(std.out, token.Text)
	return err
}

type rotateTokenCommand struct {
	Revoke bool `help:"End all tokens that were made before."`
}

// Help describes the rotation.
func (rotateTokenCommand) Help() string {
	return `Tokens that were made before are valid until they expire; with --revoke they end within 3 seconds. Without this command another key signs after 30 days.`
}

// Run stores a new key.
func (c *rotateTokenCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.RotateTokenKey(ctx, auth.NewTokenKey(), c.Revoke); err != nil {
		return err
	}
	said := "A new key signs tokens. Those made before are valid until they expire."
	if c.Revoke {
		said = "A new key signs tokens. Those made before are no longer valid."
	}
	_, err = fmt.Fprintln(std.out, said)
	return err
}
