// Package app contains the commands of the program, one file each, and their settings. No other package reads the
// environment.
package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	_ "time/tzdata" // time zones for machines without a time zone database

	"usagegraph/sources"
)

// Main runs the program with the arguments of the process and returns the exit code. SIGINT and SIGTERM stop it. schema
// is the text of the GraphQL schema.
func Main(schema string) int {
	tuneGC(memoryLimit)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	if err := Run(ctx, schema, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "usagegraph: "+err.Error())
		return 1
	}
	return 0
}

// command holds the commands and the flags that all of them have.
type command struct {
	Serve        serveCommand        `cmd:"" default:"withargs" help:"Serve the API and the playground. The default command."`
	Client       clientCommand       `cmd:"" help:"Manage API clients."`
	Token        tokenCommand        `cmd:"" help:"Make tokens for web pages, and change the key that signs them."`
	Import       importCommand       `cmd:"" help:"Import documents of a system."`
	Imports      importsCommand      `cmd:"" help:"List imports, and show one with its rejected records."`
	Link         linkCommand         `cmd:"" help:"Link customers of two systems that are the same customer."`
	Unlink       unlinkCommand       `cmd:"" help:"Remove a link between customers."`
	Assign       assignCommand       `cmd:"" help:"Assign a phone number, SIM card or subscription to a customer."`
	Unassign     unassignCommand     `cmd:"" help:"Remove an assignment."`
	Links        linksCommand        `cmd:"" help:"List links and assignments."`
	Unattributed unattributedCommand `cmd:"" help:"List documents without a customer, with the reason."`
	Demo         demoCommand         `cmd:"" help:"Import generated customers and usage of all systems."`
	Settings     settingsCommand     `cmd:"" help:"List or change the settings of the data set."`
	Migrate      migrateCommand      `cmd:"" help:"Migrate the tables to this version; serve and import do this too."`
	Backup       backupCommand       `cmd:"" help:"Write all tables to a file. Servers and imports can run meanwhile."`
	Restore      restoreCommand      `cmd:"" help:"Load a backup into an empty database."`
	Totals       totalsCommand       `cmd:"" help:"Verify or rebuild the stored totals."`
	Health       healthCommand       `cmd:"" help:"Exit with an error unless the server is ready: for the health check of a container."`
	Schema       schemaCommand       `cmd:"" help:"Print the GraphQL schema."`
	Version      versionCommand      `cmd:"" help:"Print the version."`

	settings
}

// streams holds the standard streams of a command.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// schemaText is the text of the GraphQL schema.
type schemaText string

// Run runs the command in args, which do not include the name of the program. It returns the error of the command, and
// nil if it printed the help.
func Run(ctx context.Context, schema string, args []string, in io.Reader, out, errOut io.Writer) error {
	c := command{Serve: serveCommand{endpoints: newEndpoints()}, settings: settings{dataFlags: newDataFlags()}}
	exit := -1
	parser, err := kong.New(&c, kong.Name("usagegraph"), kong.Writers(out, errOut), kong.Exit(func(code int) { exit = code }),
		kong.ExplicitGroups([]kong.Group{{Key: "data", Title: dataGroup}}),
		kong.Description("One GraphQL API over every usage system you already run, and the old REST endpoints keep working."),
		kong.Vars{"systems": strings.Join(systemNames(), ",")},
		kong.UsageOnError())
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (see usagegraph --help)", err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&c.settings, streams{in, out, errOut}, schemaText(schema))
}

// systemNames returns the names of the systems in lower case, in the order of the registry.
func systemNames() []string {
	var names []string
	for _, system := range sources.Systems() {
		names = append(names, system.Name.Lower())
	}
	return names
}

type schemaCommand struct{}

// Run prints the schema.
func (schemaCommand) Run(io streams, schema schemaText) error {
	_, err := fmt.Fprint(io.out, string(schema))
	return err
}

type versionCommand struct{}

// Run prints the version of the module.
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
