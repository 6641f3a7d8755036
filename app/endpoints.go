package app

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

// endpointSettings are what the four legacy endpoints can be told.
type endpointSettings struct {
	PublicURL      string   `env:"PUBLIC_URL" placeholder:"URL" help:"What brm's hrefs begin with, where this server stands behind another."`
	PartialContent bool     `env:"PARTIAL_CONTENT" help:"Have brm's endpoint answer 206 where a page is not the whole list (TMF630)."`
	DXPMarkets     []string `name:"dxp-markets" env:"DXP_MARKETS" default:"PR" help:"The business ids that dxp's endpoint serves."`

	// The quirks that a client may expect the other way; docs/quirks.md is their table.
	DXPUnauthorized   string `name:"dxp-unauthorized" env:"DXP_UNAUTHORIZED" enum:"documented,corrected" default:"documented" help:"The code in the body of dxp's 401: 404 as the page documents, or corrected to 401."`
	ElevateTotalCount bool   `env:"ELEVATE_TOTAL_COUNT" help:"Have elevate's endpoint count the whole list for X-Total-Count."`
	BRMNulls          string `name:"brm-nulls" env:"BRM_NULLS" enum:"written,omitted" default:"written" help:"What brm's own route does with members that have no value: written as null, or omitted."`
	STNOrder          string `name:"stn-order" env:"STN_ORDER" enum:"mixed,first" default:"mixed" help:"What orders sTN's results where orderBy and orderByDesc are both given: mixed is orderBy's keys and then orderByDesc's, first is orderBy alone."`
	STNTotal          string `name:"stn-total" env:"STN_TOTAL" enum:"always,included" default:"always" help:"When sTN's answers have total: always, or where include asks for Total or COUNT."`
	STNTake           string `name:"stn-take" env:"STN_TAKE" enum:"clipped,refused" default:"clipped" help:"What becomes of a take above 1000 on sTN's endpoint: clipped to 1000, or refused."`
	UnknownParameters string `env:"UNKNOWN_PARAMETERS" enum:"documented,ignored,refused" default:"documented" help:"What the four old endpoints do with query parameters that they do not have. Documented: sTN and dxp ignore them, elevate and brm refuse them. Ignored also ignores misspelt filters, but sTN's."`
}

// shims are the four legacy endpoints, by their patterns, for those whom auth.Middleware has identified.
func (c *endpointSettings) shims(store *db.Store, zone func(market string) *time.Location, log *slog.Logger) map[string]http.Handler {
	scope, unknown := admitted(auth.Scope), rest.Unknown(c.UnknownParameters)
	usage := edge.Surface("brm", brm.Handler(store, brm.HandlerSettings{
		PublicURL: c.PublicURL, PartialContent: c.PartialContent, NullsOmitted: c.BRMNulls == "omitted", Unknown: unknown,
	}, scope, log))
	summaries := edge.Surface("stn", stn.Handler(store, stn.HandlerSettings{
		OrderFirst: c.STNOrder == "first", TotalIncluded: c.STNTotal == "included", TakeRefused: c.STNTake == "refused", Unknown: unknown,
	}, scope, log))
	report := edge.Surface("dxp", dxp.Handler(store, dxp.HandlerSettings{
		Zone: zone, Markets: c.DXPMarkets, Corrected: c.DXPUnauthorized == "corrected", Unknown: unknown,
	}, scope, log))
	handlers := map[string]http.Handler{
		"/customer-usage-data":                         edge.Surface("elevate", elevate.Handler(store, elevate.HandlerSettings{TotalCount: c.ElevateTotalCount, Unknown: unknown}, scope, log)),
		"/brm/usageManagement/{version}/usage":         usage,
		"/brm/usageManagement/{version}/usage/{id...}": usage,
		"/tmf-api/usageManagement/v4/usage":            usage,
		"/tmf-api/usageManagement/v4/usage/{id...}":    usage,
		"/tmf-api/": usage,
		stn.Pattern: summaries,
		dxp.Pattern: report,
	}
	for _, pattern := range stn.Formats {
		handlers[pattern] = summaries
	}
	return handlers
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
