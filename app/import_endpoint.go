package app

import (
	"context"
	"log/slog"
	"net/http"

	"usagegraph/edge"
	"usagegraph/importhttp"
	"usagegraph/sources"
)

// importEndpoint returns the handler of POST /import/{source}. open allows requests without a client while
// authentication is off. When stop is done, running imports end after their current batch.
func (c *serveCommand) importEndpoint(stop context.Context, data *dataSet, open bool, log *slog.Logger) http.Handler {
	h := &importhttp.Handler{Settings: c.Import, Store: data.Store, Importer: data.serverImporter, Open: open, Stop: stop, Log: log}
	for _, system := range sources.Systems() {
		h.Sources = append(h.Sources, system.Name)
	}
	return edge.Upload{Handler: edge.Surface("import", h)}
}
