package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
)

type assignCommand struct {
	Name     string `arg:"" help:"What is assigned: a system's own id of a line (dxp:S-1001), or a number or card as the system writes it (dxp:MSISDN:7875550001, brm:SIM:8931087112345678901)."`
	Customer string `required:"" placeholder:"SYSTEM:ID" help:"The customer, by an identifier in a system (elevate:17)."`
	From     string `placeholder:"TIME" help:"When it begins: 2025-03-01 (UTC) or 2025-03-01T00:00:00+01:00. Required for a number or card."`
	To       string `placeholder:"TIME" help:"When it ends; this instant is no part of it. Required for a number or card."`
	Yes      bool   `short:"y" help:"Do not ask. Required where there is no terminal."`
}

// Help describes what an assignment does.
func (assignCommand) Help() string {
	return `Documents that name no customer, but this line, belong to the customer if their time is within the assignment: stored ones and later ones. It counts more than the records of other customers with the number. Which documents change customer, and what clients see then, is printed before anything changes. unassign takes it back; links lists all assignments; unattributed lists documents without a customer.`
}

// Run assigns a name to a customer.
func (c *assignCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	a, err := store.assignment(c.Name, c.From, c.To)
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	customer, err := db.ParseCustomerID(c.Customer)
	if err != nil {
		return fmt.Errorf("assign: --customer: %w", err)
	}
	a.CustomerSource, a.CustomerValue, a.AssignedBy = customer.Source, customer.Value, userName()
	err = decide(ctx, store.Store, std, c.Yes, fmt.Sprintf("Assign %s to %s, %s?", assignmentName(&a), customer, a.Times()), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Assign(ctx, store.Store, a, preview)
	})
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	fmt.Fprintf(std.out, "%s is assigned to %s, %s.\n", assignmentName(&a), customer, a.Times())
	return nil
}

type unassignCommand struct {
	Name string `arg:"" help:"What is assigned, as assign takes it."`
	From string `placeholder:"TIME" help:"When the assignment begins, where the name has several."`
	Yes  bool   `short:"y" help:"Do not ask. Required where there is no terminal."`
}

// Run takes an assignment back.
func (c *unassignCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.openAttributed(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	name, err := store.assignedName(c.Name)
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	begin, err := parseBound("--from", c.From)
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	err = decide(ctx, store.Store, std, c.Yes, fmt.Sprintf("Take the assignment of %s back?", assignmentName(&name)), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Unassign(ctx, store.Store, name, begin, preview)
	})
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	fmt.Fprintf(std.out, "The assignment of %s is taken back.\n", assignmentName(&name))
	return nil
}

// decide prints what a change does to documents and clients, asks, and makes it.
func decide(ctx context.Context, store *db.Store, std streams, yes bool, question string, change func(preview bool) ([]ingest.Transfer, error)) error {
	transfers, err := change(true)
	if err != nil {
		return err
	}
	if err := tellTransfers(ctx, store, std.err, transfers); err != nil {
		return err
	}
	if !yes {
		if err := confirm(std, question); err != nil {
			return err
		}
	}
	_, err = change(false)
	return err
}

// tellTransfers is printTransfers for all clients.
func tellTransfers(ctx context.Context, store *db.Store, out io.Writer, transfers []ingest.Transfer) error {
	clients, err := store.Clients(ctx)
	if err == nil {
		printTransfers(out, transfers, clients)
	}
	return err
}

// limited returns the clients that are not revoked and see some customers only, by name.
func limited(clients []*db.Client) []*db.Client {
	list := slices.DeleteFunc(slices.Clone(clients), func(c *db.Client) bool { return c.SeesEveryone || c.RevokedAt != nil })
	slices.SortFunc(list, func(a, b *db.Client) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// printTransfers prints which documents change customer, and what clients with a limited scope see more or less by that.
func printTransfers(out io.Writer, transfers []ingest.Transfer, clients []*db.Client) {
	if len(transfers) == 0 {
		fmt.Fprintln(out, "No stored document without a customer of its own changes customer.")
	}
	for _, t := range transfers {
		fmt.Fprintf(out, "%s from %s to %s.\n", counted(t.Documents, "stored document goes", "stored documents go"), customerName(t.From), customerName(t.To))
	}
	for _, c := range limited(clients) {
		var more, less int64
		for _, t := range transfers {
			switch from, to := sees(c, t.From), sees(c, t.To); {
			case to && !from:
				more += t.Documents
			case from && !to:
				less += t.Documents
			}
		}
		if more > 0 {
			fmt.Fprintf(out, "Client %s (%s) will also see %d of them.\n", c.Name, c.ID, more)
		}
		if less > 0 {
			fmt.Fprintf(out, "Client %s (%s) will no longer see %d of them.\n", c.Name, c.ID, less)
		}
	}
}

// sees tells whether a customer with these identifiers is in the scope of a client.
func sees(c *db.Client, customer []db.SourceID) bool {
	return slices.ContainsFunc(customer, func(id db.SourceID) bool { return slices.Contains(c.Identifiers, id) })
}

func customerName(identifiers []db.SourceID) string {
	if len(identifiers) == 0 {
		return "no customer"
	}
	names := make([]string, len(identifiers))
	for i, id := range identifiers {
		names[i] = printable(id.String())
	}
	return strings.Join(names, " = ")
}

// assignment reads the name and the time of an assignment. A number or card has a beginning and an end.
func (d *dataSet) assignment(text, from, to string) (db.Assignment, error) {
	a, err := d.assignedName(text)
	if err != nil {
		return a, err
	}
	if a.Name() != "" && (from == "" || to == "") {
		return a, errors.New("a number or card is handed on one day: give --from and --to")
	}
	begin, err := parseBound("--from", from)
	if err != nil {
		return a, err
	}
	end, err := parseBound("--to", to)
	if err != nil {
		return a, err
	}
	if a.Start = db.Always; begin != nil {
		a.Start = *begin
	}
	if a.End = db.Forever; end != nil {
		a.End = *end
	}
	if a.Name() != "" && (a.ValidFrom() == nil || a.ValidTo() == nil) {
		return a, errors.New("a number or card is handed on one day: give a later --from and an earlier --to")
	}
	if !a.Start.Before(a.End.Time) {
		return a, fmt.Errorf("--to %s is not after --from %s", to, from)
	}
	return a, nil
}

// parseBound reads a day, which begins at midnight UTC, or an instant; nil for no text.
func parseBound(flag, text string) (*db.Time, error) {
	if text == "" {
		return nil, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return new(db.TimeOf(day)), nil
	}
	t, err := db.ParseTime(text)
	if err != nil {
		return nil, fmt.Errorf("%s %q: want a day, such as 2025-03-01, or a time with its offset, such as 2025-03-01T00:00:00+01:00", flag, text)
	}
	return &t, nil
}

// assignedName reads what is assigned: system:id, or system:MSISDN:number or system:SIM:card.
func (d *dataSet) assignedName(text string) (a db.Assignment, err error) {
	name, value, _ := strings.Cut(text, ":")
	for _, system := range sources.Systems() {
		if strings.EqualFold(name, string(system.Name)) && value != "" {
			return d.nameIn(system, text, value)
		}
	}
	return a, fmt.Errorf("%q: want system:id, such as dxp:S-1001, or system:MSISDN:number or system:SIM:card; the systems are %s", text, strings.Join(systemNames(), ", "))
}

// region returns the country of national phone numbers in a system's documents, empty for none, and whether the data set
// has documents of several.
func (d *dataSet) region(system legacy.System) (region string, several bool) {
	values := *d.values.Load()
	for _, s := range system.Settings {
		if s.Region {
			region = values.Of(s.Name)
		}
	}
	if db.CheckRegion(region) != nil { // a market without a numbering plan
		region = ""
	}
	for key := range values {
		several = several || slices.ContainsFunc(system.Settings, func(s legacy.Setting) bool {
			return s.Name == key.Name && s.Market != "" && key.Scope != values.Of(s.Market)
		})
	}
	return region, several
}

// nameIn reads what is assigned of one system; text is the whole argument.
func (d *dataSet) nameIn(system legacy.System, text, name string) (a db.Assignment, err error) {
	source := system.Name
	region, several := d.region(system)
	kind, value, _ := strings.Cut(name, ":")
	if several && strings.EqualFold(kind, string(db.MSISDN)) && !strings.HasPrefix(value, "+") {
		return a, fmt.Errorf("%q: the data set has several markets: write the number with a plus and its country code", value)
	}
	var line db.SubscriptionName
	var word db.NameForm
	switch db.IdentifierKind(strings.ToUpper(kind)) {
	case db.MSISDN:
		if line, word = db.ReadMSISDN(source, value, region); word != db.NumberForm {
			return a, fmt.Errorf("%q is no phone number", value)
		}
	case db.SIM:
		if line, word = db.ReadName(source, value, region); word != db.CardForm {
			return a, fmt.Errorf("%q is no card: want 18 to 22 digits that begin with 89", value)
		}
	default:
		for _, other := range sources.Systems() {
			switch {
			case other.OwnIDKind == "" || !strings.EqualFold(kind, other.OwnIDKind):
			case other.Name == source && value != "":
				return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: value}, nil
			default:
				return a, fmt.Errorf("%q: only %s has subscription ids: write %s:id", text, other.Name.Lower(), source.Lower())
			}
		}
		own, named := db.ReadOwnID(name)
		if line, word = db.ReadName(source, name, region); word == db.NumberForm && system.NumberIDs {
			named = line // digits are a number there, never an own id
		}
		switch {
		case named != "":
			return a, fmt.Errorf("%q is a number or card: write %s:%s:%s", name, source.Lower(), named.Kind(), name)
		case own == "":
			return a, fmt.Errorf("%q names no line: it is masked or a placeholder", name)
		}
		return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: name}, nil
	}
	return db.Assignment{Kind: line.Kind(), NameSource: line.Source(), Value: line.Value()}, nil
}

// assignmentName returns what is assigned, as unattributed prints it.
func assignmentName(a *db.Assignment) string {
	switch {
	case a.Name() == "":
		return printable(db.SourceID{Source: a.NameSource, Value: a.Value}.String())
	case strings.HasPrefix(string(a.Name()), "+"):
		return string(a.Kind) + " +" + a.Value
	case a.NameSource != "":
		return string(a.Kind) + " " + a.Value + " of " + strings.ToLower(string(a.NameSource))
	}
	return string(a.Kind) + " " + a.Value
}

// counted returns a number with the words for one or for several.
func counted(n int64, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
