package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/alecthomas/kong"

	"usagegraph/edge"
	"usagegraph/importhttp"
	"usagegraph/sources/legacy"
	"usagegraph/tokenhttp"
)

// defaultDatabase is the path of the SQLite file without --database. The serve command loads samples into it.
const defaultDatabase = "usagegraph.db"

type serveCommand struct {
	Addr     string              `env:"ADDR" default:"127.0.0.1:8080" help:"Address to listen on: host:port."`
	Samples  string              `env:"SAMPLES" enum:"yes,no" default:"yes" help:"Whether samples are loaded into usagegraph.db if it is new: yes or no. Another database gets none."`
	Insecure bool                `help:"Allow a public address without authentication: anyone who can reach it can read everything."`
	Import   importhttp.Settings `embed:""`
	endpoints
	issuerSettings
	replicaSettings
	observabilitySettings
	edge.Settings
}

// Validate checks settings before the port and the database are opened; kong calls it. An error names a setting as it was
// given: by its flag, or by its environment variable.
func (c *serveCommand) Validate(given *kong.Context) error {
	if _, err := net.ResolveTCPAddr("tcp", c.Addr); err != nil {
		return errors.New("--addr: want host:port, such as 127.0.0.1:8080")
	}
	err := errors.Join(c.observabilitySettings.Validate(), c.replicaSettings.Validate(), c.Import.Check(), c.Settings.Check())
	if err == nil {
		return nil
	}
	for _, element := range given.Path {
		if element.Flag == nil {
			continue
		}
		for _, variable := range element.Flag.Envs {
			if rest, ok := strings.CutPrefix(err.Error(), variable+":"); ok {
				return errors.New("--" + element.Flag.Name + ":" + rest)
			}
		}
	}
	return err
}

// isLoopback reports whether an address can be reached only from this machine.
func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// Run serves requests until the context is done.
func (c *serveCommand) Run(ctx context.Context, s *settings, io streams, schema schemaText) error {
	listener, err := c.listen(ctx)
	if err != nil {
		return err
	}
	defer listener.Close()
	log := edge.NewLog(io.err)
	tracer, stop, err := c.tracing(ctx, log)
	if err != nil {
		return err
	}
	defer stop()
	s.replicas = c.replicas(log)
	data, err := s.openData(ctx, tracer, io)
	if err != nil {
		return err
	}
	defer data.Close()
	access, err := c.access(ctx, data.Store, listener.Addr(), log)
	if err != nil {
		return err
	}
	if s.Database == "" && c.Samples == "yes" {
		if err := data.seed(ctx, io); err != nil {
			return err
		}
	}
	base := "http://" + listener.Addr().String() + c.BasePath
	fmt.Fprintf(io.err, "Playground  %s/\nGraphQL     %s/graphql\nSchema      %s/schema.graphql\n", base, base, base)
	fmt.Fprintln(io.err, access)
	settings := c.Settings
	settings.ResolveIntrospection(isLoopback(listener.Addr()), !access.open)
	settings.Tracer = tracer
	checkHost := access.open && isLoopback(listener.Addr()) && !c.Insecure
	handlers := c.handlers(data.Store, func() legacy.Values { return *data.values.Load() }, c.BasePath, log)
	handlers[importhttp.Pattern] = c.importEndpoint(ctx, data, checkHost, log)
	handlers[tokenhttp.Pattern] = edge.Surface("tokens", &tokenhttp.Handler{Tokens: access.Authenticator, Log: log})
	routes, err := edge.Routes(data.Store, string(schema), access.Identify, handlers, settings, log)
	if err != nil {
		return err
	}
	if checkHost {
		routes = edge.CheckHost(routes)
	}
	readOnly, err := data.ReadOnly(ctx)
	if err != nil {
		return err
	}
	if readOnly {
		log.InfoContext(ctx, "the database is read-only: changes are left to its primary, or to another role")
	}
	ready := &readiness{data: data, log: log}
	serving, ended := ready.finishPending(ctx, readOnly, io)
	return errors.Join(c.serve(serving, listener, data.Store, tracer, log, ready.whenReady(routes)), ended())
}

// listen binds the address, before the server starts to answer requests.
func (c *serveCommand) listen(ctx context.Context) (net.Listener, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w (set another address, such as --addr 127.0.0.1:8081)", err)
	}
	return listener, nil
}
