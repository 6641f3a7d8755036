package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"usagegraph/auth"
	"usagegraph/db"
	"usagegraph/sources"
)

type clientCommand struct {
	Create createClientCommand `cmd:"" help:"Create a client and print its ID and secret."`
	List   listClientsCommand  `cmd:"" help:"List clients."`
	Rotate rotateClientCommand `cmd:"" help:"Give a client another secret and print it."`
	Revoke revokeClientCommand `cmd:"" help:"Revoke a client; takes effect within 3 seconds."`
}

// Help describes clients and their credentials.
func (clientCommand) Help() string {
	var forms []string
	for _, system := range sources.Systems() {
		switch c := system.Credentials; {
		case c == nil:
		case c.ID == "":
			forms = append(forms, c.Secret+": SECRET")
		default:
			forms = append(forms, c.ID+": ID and "+c.Secret+": SECRET")
		}
	}
	return `The first client turns authentication on: within 3 seconds, running servers refuse requests without credentials. The database stores only the hash of a secret. The same secret is valid for all endpoints, in any of these forms:

  Authorization: Bearer SECRET
  ` + strings.Join(forms, "\n  ")
}

type createClientCommand struct {
	Name      string   `arg:"" help:"Name of the client, such as webshop."`
	Customer  []string `help:"Customer in the scope of the client, as system:id (elevate:17); repeat it for several. WITHOUT IT THE CLIENT SEES ALL CUSTOMERS, and records without a customer." placeholder:"SYSTEM:ID" sep:"none"`
	SeeCost   bool     `help:"Let the client see cost, rated cost, profit and percentages."`
	Staff     bool     `help:"Let the client also see operator data, such as the links between customers. Cannot be combined with --customer."`
	MayImport bool     `help:"Let the client import documents (POST /import/SYSTEM): with --customer, records of these customers alone."`
	Expires   string   `help:"Expiry of the secret: the start of a day in UTC (2026-12-31), or a time (2026-12-31T18:00:00Z)." placeholder:"DATE"`
}

// maxClientName is the maximum length of a client's name in bytes.
const maxClientName = 100

// Run creates a client and prints its secret.
func (c *createClientCommand) Run(ctx context.Context, s *settings, std streams) error {
	name := strings.TrimSpace(c.Name)
	if name == "" || len(name) > maxClientName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) {
		return fmt.Errorf("client: want a name of 1 to %d bytes without control characters", maxClientName)
	}
	if c.Staff && len(c.Customer) > 0 {
		return errors.New("client: --staff is for clients that see all customers: remove --customer or --staff")
	}
	client := &db.Client{Name: name, SeesCost: c.SeeCost, SeesEveryone: len(c.Customer) == 0, Staff: c.Staff, MayImport: c.MayImport}
	sees, err := parseCustomers(c.Customer)
	if err != nil {
		return err
	}
	if client.ExpiresAt, err = parseExpiry(c.Expires, time.Now()); err != nil {
		return err
	}
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	secret := auth.NewClient(client)
	if err := store.AddClient(ctx, client, sees...); err != nil {
		var unknown *db.Error
		if errors.As(err, &unknown) && unknown.Code == db.NotFound {
			return fmt.Errorf("client: %w: import a record of that customer first, create the customer with usagegraph link --create, or leave --customer out for a client that sees all customers", err)
		}
		return fmt.Errorf("client: %w", err)
	}
	_, err = fmt.Fprintf(std.out, `client id  %s
secret     %s

The secret cannot be shown again. To use it:

  curl -H 'Authorization: Bearer %[2]s' -H 'Content-Type: application/json' \
    -d '{"query": "{customers(first: 3) {nodes {id name}}}"}' http://127.0.0.1:8080/graphql
`, client.ID, secret)
	return err
}

func parseCustomers(names []string) ([]db.SourceID, error) {
	list := make([]db.SourceID, len(names))
	for i, name := range names {
		id, err := db.ParseCustomerID(name)
		if err != nil {
			return nil, fmt.Errorf("--customer %s: %w", name, err)
		}
		list[i] = id
	}
	return list, nil
}

// parseExpiry parses a day or a time in the future. It returns nil if the text is empty.
func parseExpiry(text string, now time.Time) (*db.Time, error) {
	if text == "" {
		return nil, nil
	}
	at, err := db.ParseTime(text)
	if day, dayErr := time.Parse(time.DateOnly, text); dayErr == nil {
		at, err = db.TimeOf(day), nil
	}
	switch {
	case err != nil:
		return nil, errors.New("--expires: want a day (2026-12-31) or a time with an offset (2026-12-31T18:00:00Z)")
	case !at.After(now):
		return nil, errors.New("--expires: want a time in the future")
	}
	return &at, nil
}

type listClientsCommand struct{}

// Run lists clients.
func (listClientsCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	clients, err := store.Clients(ctx)
	if err != nil {
		return err
	}
	if len(clients) == 0 {
		fmt.Fprintln(std.err, "There are no clients: authentication is off.")
		return nil
	}
	w := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNAME\tSTATE\tCOST\tSTAFF\tIMPORT\tCREATED\tEXPIRES\tCUSTOMERS")
	for _, c := range clients {
		customers, err := customersOf(ctx, store, c)
		if err != nil {
			return err
		}
		cost, expires := "hidden", "never"
		if c.SeesCost {
			cost = "seen"
		}
		if c.ExpiresAt != nil {
			expires = c.ExpiresAt.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.Name, stateOf(c), cost, yesOrNo(c.Staff), yesOrNo(c.MayImport), c.CreatedAt.Format(time.DateOnly), expires, customers)
	}
	return w.Flush()
}

func yesOrNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stateOf(c *db.Client) string {
	now := db.TimeOf(time.Now())
	switch {
	case c.RevokedAt != nil:
		return "revoked"
	case !c.Valid(now):
		return "expired"
	case c.PreviousSecretUntil != nil && now.Before(c.PreviousSecretUntil.Time):
		return "valid, two secrets"
	}
	return "valid"
}

// customersOf returns the customers in the scope of a client, each with all its identifiers.
func customersOf(ctx context.Context, store *db.Store, c *db.Client) (string, error) {
	if c.SeesEveryone {
		return "all customers", nil
	}
	keys := make([]db.Key, len(c.Customers))
	for i, id := range c.Customers {
		keys[i] = db.CustomerKey(id)
	}
	identifiers, err := store.For(db.All()).CustomerIdentifiers(ctx, db.AllColumns, keys)
	if err != nil {
		return "", err
	}
	var names []string
	var last int64
	for _, id := range identifiers {
		name := db.SourceID{Source: id.Source, Value: id.Value}.String()
		if n := len(names); n > 0 && id.CustomerID == last {
			names[n-1] += " = " + name
			continue
		}
		names, last = append(names, name), id.CustomerID
	}
	return strings.Join(names, ", "), nil
}

type revokeClientCommand struct {
	ID string `arg:"" help:"ID of the client (see client list)."`
}

// Run revokes a client.
func (c *revokeClientCommand) Run(ctx context.Context, s *settings, std streams) error {
	store, err := s.open(ctx, nil, std)
	if err != nil {
		return err
	}
	defer store.Close()
	if err := store.RevokeClient(ctx, c.ID); err != nil {
		return fmt.Errorf("client %s: %w", c.ID, err)
	}
	fmt.Fprintf(std.out, "%s is revoked.\n", c.ID)
	return nil
}
