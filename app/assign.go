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
	Name     string `arg:"" help:"Subscription ID in a system (dxp:S-1001), or phone number or SIM card as the system writes it (dxp:MSISDN:7875550001, brm:SIM:8931087112345678901)."`
	Customer string `required:"" placeholder:"SYSTEM:ID" help:"Customer ID in a system (elevate:17)."`
	From     string `placeholder:"TIME" help:"Start of the assignment: 2025-03-01 (UTC) or 2025-03-01T00:00:00+01:00. Required for a number or card."`
	To       string `placeholder:"TIME" help:"End of the assignment, exclusive. Required for a number or card."`
	Yes      bool   `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Help describes what an assignment does.
func (assignCommand) Help() string {
	return `Stored and future documents that have this number, card or subscription and no customer belong to the customer if their time is within the assignment. An assignment overrides records of other customers with the same number. Before it changes anything, the command prints which documents change customer and which clients see more or fewer of them.

See also: unassign removes an assignment, links lists assignments, unattributed lists documents without a customer.`
}

// Run assigns a number, card or subscription to a customer.
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
	err = previewAndConfirm(ctx, store.Store, std, c.Yes, fmt.Sprintf("Assign %s to %s, %s?", assignmentName(&a), customer, a.Times()), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Assign(ctx, store.Store, a, preview)
	})
	if err != nil {
		return fmt.Errorf("assign: %w", err)
	}
	fmt.Fprintf(std.out, "%s is assigned to %s, %s.\n", assignmentName(&a), customer, a.Times())
	return nil
}

type unassignCommand struct {
	Name string `arg:"" help:"Number, card or subscription, in the form of the assign command."`
	From string `placeholder:"TIME" help:"Start of the assignment; required if there are several."`
	Yes  bool   `short:"y" help:"Do not ask for confirmation. Required without a terminal."`
}

// Run removes an assignment.
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
	err = previewAndConfirm(ctx, store.Store, std, c.Yes, fmt.Sprintf("Remove the assignment of %s?", assignmentName(&name)), func(preview bool) ([]ingest.Transfer, error) {
		return ingest.Unassign(ctx, store.Store, name, begin, preview)
	})
	if err != nil {
		return fmt.Errorf("unassign: %w", err)
	}
	fmt.Fprintf(std.out, "The assignment of %s is removed.\n", assignmentName(&name))
	return nil
}

// previewAndConfirm prints the effects of a change on documents and clients, asks the question unless yes is set, and
// makes the change.
func previewAndConfirm(ctx context.Context, store *db.Store, std streams, yes bool, question string, change func(preview bool) ([]ingest.Transfer, error)) error {
	transfers, err := change(true)
	if err != nil {
		return err
	}
	if err := previewTransfers(ctx, store, std.err, transfers); err != nil {
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

// previewTransfers prints transfers and their effects on all clients.
func previewTransfers(ctx context.Context, store *db.Store, out io.Writer, transfers []ingest.Transfer) error {
	clients, err := store.Clients(ctx)
	if err == nil {
		printTransfers(out, transfers, clients)
	}
	return err
}

// scopedClients returns the clients with a limited scope that are not revoked, ordered by name.
func scopedClients(clients []*db.Client) []*db.Client {
	list := slices.DeleteFunc(slices.Clone(clients), func(c *db.Client) bool { return c.SeesEveryone || c.RevokedAt != nil })
	slices.SortFunc(list, func(a, b *db.Client) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// printTransfers prints how many documents change customer, and how many of them each client with a limited scope gains
// and loses.
func printTransfers(out io.Writer, transfers []ingest.Transfer, clients []*db.Client) {
	if len(transfers) == 0 {
		fmt.Fprintln(out, "No stored document without a customer ID changes customer.")
	}
	for _, t := range transfers {
		fmt.Fprintf(out, "%s from %s to %s.\n", plural(t.Documents, "stored document moves", "stored documents move"), customerName(t.From), customerName(t.To))
	}
	for _, c := range scopedClients(clients) {
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

// sees reports whether a customer with these identifiers is in the scope of a client.
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

// assignment parses the name and the period of an assignment. A number or card needs a start and an end.
func (d *dataSet) assignment(text, from, to string) (db.Assignment, error) {
	a, err := d.assignedName(text)
	if err != nil {
		return a, err
	}
	if a.Name() != "" && (from == "" || to == "") {
		return a, errors.New("a number or card can get another owner later: --from and --to are required")
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
		return a, errors.New("a number or card can get another owner later: want a later --from and an earlier --to")
	}
	if !a.Start.Before(a.End.Time) {
		return a, fmt.Errorf("--to %s is not after --from %s", to, from)
	}
	return a, nil
}

// parseBound parses a day, as its midnight in UTC, or a time. It returns nil if the text is empty.
func parseBound(flag, text string) (*db.Time, error) {
	if text == "" {
		return nil, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return new(db.TimeOf(day)), nil
	}
	t, err := db.ParseTime(text)
	if err != nil {
		return nil, fmt.Errorf("%s %q: want a day, such as 2025-03-01, or a time with an offset, such as 2025-03-01T00:00:00+01:00", flag, text)
	}
	return &t, nil
}

// assignedName parses system:id, system:MSISDN:number or system:SIM:card.
func (d *dataSet) assignedName(text string) (a db.Assignment, err error) {
	name, value, _ := strings.Cut(text, ":")
	for _, system := range sources.Systems() {
		if strings.EqualFold(name, string(system.Name)) && value != "" {
			return d.nameIn(system, text, value)
		}
	}
	return a, fmt.Errorf("%q: want system:id, such as dxp:S-1001, or system:MSISDN:number or system:SIM:card; the systems are %s", text, strings.Join(systemNames(), ", "))
}

// region returns the country of national phone numbers in a system's documents, or an empty string, and whether the
// data set has documents of several countries.
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

// nameIn parses the name of a number, card or subscription of a system. text is the whole argument.
func (d *dataSet) nameIn(system legacy.System, text, name string) (a db.Assignment, err error) {
	source := system.Name
	region, several := d.region(system)
	kind, value, _ := strings.Cut(name, ":")
	if several && strings.EqualFold(kind, string(db.MSISDN)) && !strings.HasPrefix(value, "+") {
		return a, fmt.Errorf("%q: the data set has several markets: want the number with a plus and the country code", value)
	}
	var parsed db.SubscriptionName
	var form db.NameForm
	switch db.IdentifierKind(strings.ToUpper(kind)) {
	case db.MSISDN:
		if parsed, form = db.ReadMSISDN(source, value, region); form != db.NumberForm {
			return a, fmt.Errorf("%q is not a phone number", value)
		}
	case db.SIM:
		if parsed, form = db.ReadName(source, value, region); form != db.CardForm {
			return a, fmt.Errorf("%q is not a SIM card number: want 18 to 22 digits that begin with 89", value)
		}
	default:
		for _, other := range sources.Systems() {
			switch {
			case other.OwnIDKind == "" || !strings.EqualFold(kind, other.OwnIDKind):
			case other.Name == source && value != "":
				return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: value}, nil
			default:
				return a, fmt.Errorf("%q: only %s has subscription IDs: want %s:id", text, other.Name.Lower(), source.Lower())
			}
		}
		own, named := db.ReadOwnID(name)
		if parsed, form = db.ReadName(source, name, region); form == db.NumberForm && system.NumberIDs {
			named = parsed // the system writes numbers as digits, and no IDs
		}
		switch {
		case named != "":
			return a, fmt.Errorf("%q is a number or card: want %s:%s:%s", name, source.Lower(), named.Kind(), name)
		case own == "":
			return a, fmt.Errorf("%q is masked or a placeholder: want the ID of a subscription", name)
		}
		return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: name}, nil
	}
	return db.Assignment{Kind: parsed.Kind(), NameSource: parsed.Source(), Value: parsed.Value()}, nil
}

// assignmentName returns the number, card or subscription in the form that unattributed prints.
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

// plural returns a count and its noun, in the singular for 1.
func plural(n int64, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, several)
}
