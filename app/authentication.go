package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"usagegraph/auth"
	"usagegraph/db"
)

// issuerSettings holds the flags of the issuer of accepted tokens.
type issuerSettings struct {
	JWTIssuer    string `name:"jwt-issuer" env:"JWT_ISSUER" placeholder:"URL" help:"Issuer of accepted bearer tokens (JWT): the value of their claim iss."`
	JWTAudience  string `name:"jwt-audience" env:"JWT_AUDIENCE" placeholder:"AUD" help:"Value of the claim aud of accepted tokens; required with --jwt-issuer."`
	JWTKeys      string `name:"jwt-jwks-url" env:"JWT_JWKS_URL" placeholder:"URL" help:"URL of the issuer's keys (JWKS); by default that in its /.well-known/openid-configuration."`
	JWTCustomers string `name:"jwt-customers-claim" env:"JWT_CUSTOMERS_CLAIM" default:"usagegraph_customers" placeholder:"NAME" help:"Claim with the customers in the scope of a token, each as system:id or as a global ID; * stands for all customers. Without the claim the scope is empty."`
	JWTCost      string `name:"jwt-cost-claim" env:"JWT_COST_CLAIM" default:"usagegraph_see_cost" placeholder:"NAME" help:"Claim that is true if the scope of a token includes cost, profit and margin."`
}

// access holds the authenticator of a server; open is true if authentication is off.
type access struct {
	*auth.Authenticator
	open bool
}

// String returns the text that serve prints at its start.
func (a access) String() string {
	if a.open {
		return "Authentication is off: anyone who can reach this address can read everything, until the first client is created (usagegraph client create)."
	}
	return "Authentication is on: requests need the credentials of a client (usagegraph client --help)."
}

// access returns the authenticator of the server. It returns an error for a public address without authentication,
// unless --insecure is set.
func (c *serveCommand) access(ctx context.Context, store *db.Store, addr net.Addr, log *slog.Logger) (access, error) {
	has, err := store.HasClients(ctx)
	if err != nil {
		return access{}, err
	}
	open := !has && c.JWTIssuer == ""
	switch {
	case open && !isLoopback(addr) && !c.Insecure:
		return access{}, fmt.Errorf("--addr %s: anyone who can reach this address could read everything: create a client first (usagegraph client create), use a loopback address, or set --insecure", c.Addr)
	case open:
		log.WarnContext(ctx, "authentication is off", "addr", addr.String())
	}
	issuer, err := c.issuer(ctx, log)
	if err != nil {
		return access{}, err
	}
	return access{auth.New(store, auth.Settings{Issuer: issuer, Closed: !open, Headers: c.credentialHeaders()}), open}, nil
}

// issuer returns the issuer of accepted tokens, or nil if there is none.
func (s issuerSettings) issuer(ctx context.Context, log *slog.Logger) (*auth.Issuer, error) {
	if s.JWTIssuer == "" {
		if s.JWTAudience != "" || s.JWTKeys != "" {
			return nil, errors.New("--jwt-audience and --jwt-jwks-url need --jwt-issuer")
		}
		return nil, nil
	}
	issuer, err := auth.NewIssuer(ctx, auth.IssuerSettings{
		Issuer: s.JWTIssuer, Audience: s.JWTAudience, KeysURL: s.JWTKeys, CustomersClaim: s.JWTCustomers, CostClaim: s.JWTCost,
	}, log)
	if err != nil {
		return nil, fmt.Errorf("--jwt-issuer: %w", err)
	}
	return issuer, nil
}
