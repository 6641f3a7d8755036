// Command usagegraph serves one GraphQL API over every usage system that a telecom reseller runs.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	_ "time/tzdata" // a machine without time zones has them all the same

	"usagegraph/edge"
)

//go:embed schema.graphqls
var schema string

// defaultDatabase is used, and filled, where no database is named.
const defaultDatabase = "usagegraph.db"

func main() {
	tuneMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "usagegraph: "+err.Error())
		os.Exit(1)
	}
}

// command is the command line.
type command struct {
	Serve        serveCommand        `cmd:"" default:"withargs" help:"Serve the API and the playground (this is also what happens without a command)."`
	Client       clientCommand       `cmd:"" help:"Say who may ask, and for what."`
	Import       importCommand       `cmd:"" help:"Import documents of one of the four systems."`
	Link         linkCommand         `cmd:"" help:"Join customers of two systems that are the same."`
	Unlink       unlinkCommand       `cmd:"" help:"Undo a link."`
	Assign       assignCommand       `cmd:"" help:"Say whose a number, card or line is that no document ties to a customer."`
	Unassign     unassignCommand     `cmd:"" help:"Take an assignment back."`
	Links        linksCommand        `cmd:"" help:"List the links between customers, and the assignments."`
	Unattributed unattributedCommand `cmd:"" help:"List the documents that belong to no customer, and why."`
	Demo         demoCommand         `cmd:"" help:"Import made-up customers with their usage, from all four systems."`
	Settings     settingsCommand     `cmd:"" help:"List the settings of the data set, or change one."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database's tables up to this version; serve and import do so by themselves."`
	Backup       backupCommand       `cmd:"" help:"Write all tables to a file, while servers and imports may run."`
	Restore      restoreCommand      `cmd:"" help:"Load a backup into an empty database."`
	Health       healthCommand       `cmd:"" help:"Fail unless the server is ready: the check of a container."`
	Schema       schemaCommand       `cmd:"" help:"Print the GraphQL schema."`
	Version      versionCommand      `cmd:"" help:"Print the version."`

	settings
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// run is the whole program but the process.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) error {
	var c command
	exit := -1
	parser, err := kong.New(&c, kong.Name("usagegraph"), kong.Writers(out, errOut), kong.Exit(func(code int) { exit = code }),
		kong.ExplicitGroups([]kong.Group{{Key: "data", Title: dataGroup}}),
		kong.Description("One GraphQL API over every usage system you already run, and the old REST endpoints keep working."),
		kong.UsageOnError())
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (usagegraph --help shows what there is)", err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&c.settings, streams{in, out, errOut})
}

type serveCommand struct {
	Addr     string `env:"ADDR" default:"127.0.0.1:8080" help:"Where to listen: host:port."`
	Insecure bool   `help:"Listen on a public address although there are no clients: anyone who can reach it may read everything."`
	shimSettings
	issuerSettings
	operatingSettings
	edge.Settings
}

// isLoopback tells whether an address that is listened on can be reached from this machine alone.
func isLoopback(addr net.Addr) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

// Run serves until the context is done.
func (c *serveCommand) Run(ctx context.Context, s *settings, io streams) error {
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
	data, err := s.openData(ctx, tracer, io)
	if err != nil {
		return err
	}
	defer data.Close()
	access, err := c.access(ctx, data.Store, listener.Addr(), log)
	if err != nil {
		return err
	}
	if s.Database == "" {
		if err := data.seed(ctx, io); err != nil {
			return err
		}
	}
	base := "http://" + listener.Addr().String()
	fmt.Fprintf(io.err, "Playground  %s/\nGraphQL     %s/graphql\nSchema      %s/schema.graphql\n", base, base, base)
	fmt.Fprintln(io.err, access)
	settings := c.Settings.At(isLoopback(listener.Addr()))
	settings.Tracer = tracer
	routes, err := edge.Routes(data.Store, schema, access.Identify, c.shims(data.Store, data.zone, log), settings, log)
	if err != nil {
		return err
	}
	if access.open && isLoopback(listener.Addr()) && !c.Insecure {
		routes = edge.LocalNames(routes)
	}
	ready := &readiness{data: data, log: log}
	serving, ended := ready.finishPending(ctx, io)
	return errors.Join(c.serve(serving, listener, data.Store, tracer, log, ready.whenReady(routes)), ended())
}

// listen takes the address; nobody is served there yet.
func (c *serveCommand) listen(ctx context.Context) (net.Listener, error) {
	if _, err := net.ResolveTCPAddr("tcp", c.Addr); err != nil {
		return nil, fmt.Errorf("--addr: want host:port, such as 127.0.0.1:8080")
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", c.Addr)
	if err != nil {
		return nil, fmt.Errorf("%w (another address: --addr 127.0.0.1:8081)", err)
	}
	return listener, nil
}

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run(io streams) error {
	_, err := fmt.Fprint(io.out, schema)
	return err
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(io streams) error {
	_, err := fmt.Fprintln(io.out, "usagegraph "+programVersion())
	return err
}

func programVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
