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
)

type clientCommand struct {
	Create createClientCommand `cmd:"" help:"Make a client, and print his id and his secret, once."`
	List   listClientsCommand  `cmd:"" help:"List all clients."`
	Revoke revokeClientCommand `cmd:"" help:"End a client at once; running servers refuse him within seconds."`
}

// Help says what a client is.
func (clientCommand) Help() string {
	return `As soon as there is a client, nobody is answered any more who does not say who he is; running servers notice within seconds. Only the hash of a secret is kept. One secret works on every endpoint, in one of these ways:

  Authorization: Bearer SECRET
  stn-api-key: SECRET
  client_id: ID and client_secret: SECRET`
}

type createClientCommand struct {
	Name     string   `arg:"" help:"What to call the client, such as webshop."`
	Customer []string `help:"A customer whom the client sees, as system:id (elevate:17), as often as there are any. WITHOUT IT HE SEES EVERY CUSTOMER, and records that are nobody's yet." placeholder:"SYSTEM:ID" sep:"none"`
	SeeCost  bool     `help:"Let the client see cost, rated cost, profit and percentages."`
	Staff    bool     `help:"Let the client also see data of the operator, such as the links between customers. Not with --customer."`
	Expires  string   `help:"When the secret ends: a day, from whose beginning (UTC) it is no good, or a time (2026-12-31T18:00:00Z)." placeholder:"DATE"`
}

// maxClientName is how long a client's name may be, in bytes.
const maxClientName = 100

// Run makes a client.
func (c *createClientCommand) Run(ctx context.Context, s *settings, std streams) error {
	name := strings.TrimSpace(c.Name)
	if name == "" || len(name) > maxClientName || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) {
		return fmt.Errorf("client: want a name of 1 to %d bytes in one line", maxClientName)
	}
	if c.Staff && len(c.Customer) > 0 {
		return errors.New("client: --staff is for clients that see every customer: leave --customer out, or --staff")
	}
	client := &db.Client{Name: name, SeesCost: c.SeeCost, SeesEveryone: len(c.Customer) == 0, Staff: c.Staff}
	sees, err := customersNamed(c.Customer)
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
			return fmt.Errorf("client: %w: import a record of that customer first, create the customer by usagegraph link, or leave --customer out", err)
		}
		return fmt.Errorf("client: %w", err)
	}
	_, err = fmt.Fprintf(std.out, `client id  %s
secret     %s

The secret is shown this once. To use it:

  curl -H 'Authorization: Bearer %[2]s' -H 'Content-Type: application/json' \
    -d '{"query": "{customers(first: 3) {nodes {id name}}}"}' http://127.0.0.1:8080/graphql
`, client.ID, secret)
	return err
}

func customersNamed(names []string) ([]db.SourceID, error) {
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

// parseExpiry reads a day or a time that is still to come; nil is never.
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
		return nil, errors.New("--expires: want a day (2026-12-31) or a time with its offset (2026-12-31T18:00:00Z)")
	case !at.After(now):
		return nil, errors.New("--expires: this is past already")
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
	fmt.Fprintln(w, "ID\tNAME\tSTATE\tCOST\tSTAFF\tCREATED\tEXPIRES\tCUSTOMERS")
	for _, c := range clients {
		customers, err := customersOf(ctx, store, c)
		if err != nil {
			return err
		}
		cost, staff, expires := "hidden", "no", "never"
		if c.SeesCost {
			cost = "seen"
		}
		if c.Staff {
			staff = "yes"
		}
		if c.ExpiresAt != nil {
			expires = c.ExpiresAt.Format(time.RFC3339)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, c.Name, stateOf(c), cost, staff, c.CreatedAt.Format(time.DateOnly), expires, customers)
	}
	return w.Flush()
}

func stateOf(c *db.Client) string {
	switch {
	case c.RevokedAt != nil:
		return "revoked"
	case !c.Valid(db.TimeOf(time.Now())):
		return "expired"
	}
	return "valid"
}

// customersOf names the customers whom a client sees, each by all of his names.
func customersOf(ctx context.Context, store *db.Store, c *db.Client) (string, error) {
	if c.SeesEveryone {
		return "everyone", nil
	}
	keys := make([]db.Key, len(c.Customers))
	for i, id := range c.Customers {
		keys[i] = db.CustomerKey(id)
	}
	identifiers, err := store.For(db.All()).CustomerIdentifiers(ctx, keys)
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
	ID string `arg:"" help:"The client's id, as client list shows it."`
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
