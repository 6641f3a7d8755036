package main

import (
	"log/slog"
	"net/http"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/edge"
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/rest"
	"usagegraph/sources/stn"
)

// shimSettings are what the four legacy endpoints can be told.
type shimSettings struct {
	PublicURL      string   `env:"PUBLIC_URL" placeholder:"URL" help:"What brm's hrefs begin with, where this server stands behind another."`
	PartialContent bool     `env:"PARTIAL_CONTENT" help:"Have brm's endpoint answer 206 where a page is not the whole list (TMF630)."`
	DXPMarkets     []string `name:"dxp-markets" env:"DXP_MARKETS" default:"PR" help:"The business ids that dxp's endpoint serves."`
}

// shims are the four legacy endpoints, by their patterns, for those whom auth.Middleware has identified.
func (c *shimSettings) shims(store *db.Store, zone func(market string) *time.Location, log *slog.Logger) map[string]http.Handler {
	scope := admitted(auth.Scope)
	usage := edge.Surface("brm", brm.Handler(store, brm.HandlerSettings{PublicURL: c.PublicURL, PartialContent: c.PartialContent}, scope, log))
	return map[string]http.Handler{
		"/customer-usage-data":                         edge.Surface("elevate", elevate.Handler(store, scope, log)),
		"/brm/usageManagement/{version}/usage":         usage,
		"/brm/usageManagement/{version}/usage/{id...}": usage,
		"/tmf-api/usageManagement/v4/usage":            usage,
		"/tmf-api/usageManagement/v4/usage/{id...}":    usage,
		"/api/QueryUsageSubscription":                  edge.Surface("stn", stn.Handler(store, scope, log)),
		dxp.Pattern:                                    edge.Surface("dxp", dxp.Handler(store, dxp.HandlerSettings{Zone: zone, Markets: c.DXPMarkets}, scope, log)),
	}
}

// admitted has a shim refuse in its own words what the edge does not want worked on.
func admitted(scope func(*http.Request) (db.Scope, error)) func(*http.Request) (db.Scope, error) {
	return func(r *http.Request) (db.Scope, error) {
		if refusal := edge.Refused(r.Context()); refusal != nil {
			return db.Scope{}, &rest.Problem{Status: refusal.Status, Message: refusal.Message}
		}
		return scope(r)
	}
}
