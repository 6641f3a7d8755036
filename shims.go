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
	"usagegraph/sources/stn"
)

// shimSettings are what the four legacy endpoints can be told.
type shimSettings struct {
	PublicURL      string   `env:"PUBLIC_URL" placeholder:"URL" help:"What brm's hrefs begin with, where this server stands behind another."`
	PartialContent bool     `env:"PARTIAL_CONTENT" help:"Have brm's endpoint answer 206 where a page is not the whole list (TMF630)."`
	DXPMarkets     []string `name:"dxp-markets" env:"DXP_MARKETS" default:"PR" help:"The business ids that dxp's endpoint serves."`
}

// shims are the four legacy endpoints, by their patterns, for those whom auth.Middleware has identified.
func (c *shimSettings) shims(store *db.Store, zone *time.Location, log *slog.Logger) map[string]http.Handler {
	usage := edge.Surface("brm", brm.Handler(store, brm.HandlerSettings{PublicURL: c.PublicURL, PartialContent: c.PartialContent}, auth.Scope, log))
	return map[string]http.Handler{
		"/customer-usage-data":                         edge.Surface("elevate", elevate.Handler(store, auth.Scope, log)),
		"/brm/usageManagement/{version}/usage":         usage,
		"/brm/usageManagement/{version}/usage/{id...}": usage,
		"/tmf-api/usageManagement/v4/usage":            usage,
		"/tmf-api/usageManagement/v4/usage/{id...}":    usage,
		"/api/QueryUsageSubscription":                  edge.Surface("stn", stn.Handler(store, auth.Scope, log)),
		dxp.Pattern:                                    edge.Surface("dxp", dxp.Handler(store, dxp.HandlerSettings{Location: zone, Markets: c.DXPMarkets}, auth.Scope, log)),
	}
}
