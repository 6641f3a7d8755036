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

// issuerSettings say whose tokens are taken as credentials besides the secrets of clients.
type issuerSettings struct {
	JWTIssuer    string `name:"jwt-issuer" env:"JWT_ISSUER" placeholder:"URL" help:"Take the tokens (JWT) of this issuer as bearer credentials: what their iss says."`
	JWTAudience  string `name:"jwt-audience" env:"JWT_AUDIENCE" placeholder:"AUD" help:"What the aud of such a token must say; required with --jwt-issuer."`
	JWTKeys      string `name:"jwt-jwks-url" env:"JWT_JWKS_URL" placeholder:"URL" help:"Where the issuer's keys (JWKS) are; without it the issuer's /.well-known/openid-configuration says so."`
	JWTCustomers string `name:"jwt-customers-claim" env:"JWT_CUSTOMERS_CLAIM" default:"usagegraph_customers" placeholder:"NAME" help:"The claim that lists the customers whom the bearer sees, each as system:id or as a global id; * is everyone. Without it he sees nobody."`
	JWTCost      string `name:"jwt-cost-claim" env:"JWT_COST_CLAIM" default:"usagegraph_see_cost" placeholder:"NAME" help:"The claim that is true where the bearer sees cost, profit and margin."`
}

// access is who may ask a server.
type access struct {
	*auth.Authenticator
	open bool
}

// String says it to the operator.
func (a access) String() string {
	if a.open {
		return "Nobody has to say who he is: anyone who can reach this address may read everything, until there is a client (usagegraph client create)."
	}
	return "Whoever asks has to say who he is (usagegraph client --help)."
}

// access refuses an address that others can reach where nobody has to say who he is, unless told otherwise.
func (c *serveCommand) access(ctx context.Context, store *db.Store, addr net.Addr, log *slog.Logger) (access, error) {
	has, err := store.HasClients(ctx)
	if err != nil {
		return access{}, err
	}
	open := !has && c.JWTIssuer == ""
	switch {
	case open && !isLoopback(addr) && !c.Insecure:
		return access{}, fmt.Errorf("--addr %s: others could read everything there: make a client first (usagegraph client create), give a loopback address, or --insecure if that is meant", c.Addr)
	case open:
		log.WarnContext(ctx, "open: nobody has to say who he is", "addr", addr.String())
	}
	issuer, err := c.issuer(ctx, log)
	if err != nil {
		return access{}, err
	}
	return access{auth.New(store, auth.Settings{Issuer: issuer, Closed: !open, Headers: c.credentialHeaders()}), open}, nil
}

// issuer is whose tokens are taken; nil is nobody's.
func (s issuerSettings) issuer(ctx context.Context, log *slog.Logger) (*auth.Issuer, error) {
	if s.JWTIssuer == "" {
		if s.JWTAudience != "" || s.JWTKeys != "" {
			return nil, errors.New("--jwt-audience and --jwt-jwks-url belong to --jwt-issuer, which is missing")
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
