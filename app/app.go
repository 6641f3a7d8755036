// Package app is the program: its commands, one file each, and their settings. It alone reads the environment.
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

	_ "time/tzdata" // time zones also where the machine has none

	"usagegraph/sources"
)

// Main runs the program with the arguments of the process until it ends or a signal stops it, and returns the process's
// exit code. It takes the text of the GraphQL schema that is served.
func Main(schema string) int {
	tuneCollector()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The second signal ends the program at once.
	context.AfterFunc(ctx, stop)
	if err := Run(ctx, schema, os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "usagegraph: "+err.Error())
		return 1
	}
	return 0
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

// schemaText is the text of the GraphQL schema.
type schemaText string

// Run runs the command that args name, without the program's name in front. It returns the command's error, or nil where
// --help or the like was printed.
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
		return fmt.Errorf("%w (usagegraph --help shows what there is)", err)
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(&c.settings, streams{in, out, errOut}, schemaText(schema))
}

// systemNames returns the names of the legacy systems in the order of the registry, as people type them.
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
