package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// Client is an API client: its scope, and the hash of the secret by which it authenticates.
type Client struct {
	ID   string `db:"id"`
	Name string `db:"name"`
	// SecretHash is the SHA-256 of the secret, in hexadecimal.
	SecretHash string `db:"secret_hash"`
	// PreviousSecretHash is that of the secret before the last rotation, which is valid until PreviousSecretUntil; nil without
	// a rotation.
	PreviousSecretHash  *string `db:"previous_secret_hash"`
	PreviousSecretUntil *Time   `db:"previous_secret_until"`
	SeesCost            bool    `db:"sees_cost"`
	SeesEveryone        bool    `db:"sees_everyone"`
	// Staff is true if the client may also read the operator's own data, such as imports and links. It requires
	// SeesEveryone.
	Staff bool `db:"staff"`
	// MayImport is true if the client may import documents of its customers.
	MayImport bool `db:"may_import"`
	CreatedAt Time `db:"created_at"`
	// ExpiresAt is the time from which the secret is no longer valid; nil if it does not expire.
	ExpiresAt *Time `db:"expires_at"`
	RevokedAt *Time `db:"revoked_at"`

	// Identifiers are the customer identifiers with which the client's scope was created, ordered by system and value;
	// empty if the client sees every customer. Customers are the ids of the customers that have these identifiers now.
	Identifiers []SourceID `db:"-"`
	Customers   []int64    `db:"-"`
}

// Scope returns the scope of the client's reads.
func (c *Client) Scope() Scope {
	if c.SeesEveryone {
		return All().WithCost(c.SeesCost).WithStaff(c.Staff)
	}
	return Only(c.Customers...).WithCost(c.SeesCost)
}

// Valid reports whether the client is neither revoked nor expired at a time.
func (c *Client) Valid(at Time) bool {
	return c.RevokedAt == nil && (c.ExpiresAt == nil || at.Before(c.ExpiresAt.Time))
}

var clients = newChildren[Client]("api_clients", "id", "id")

// clientIdentifier is a customer identifier in the scope of a client.
type clientIdentifier struct {
	ClientID string `db:"client_id"`
	Source   Source `db:"source"`
	Value    string `db:"value"`
}

var clientIdentifiers = newRelation[clientIdentifier]("api_client_identifiers")

// AddClient stores a new client whose scope is the customers with these identifiers, and sets CreatedAt. It returns a
// NotFound error for an identifier that no customer has, and a Conflict error if another client that is not revoked has
// the same name.
func (s *Store) AddClient(ctx context.Context, c *Client, scope ...SourceID) error {
	c.CreatedAt = TimeOf(s.clock())
	return s.Write(ctx, func(tx *Tx) error {
		// Revise makes other writers wait: until this transaction ends, no customers are merged and no name is taken.
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var taken int
		if err := tx.tx.GetContext(ctx, &taken, "SELECT COUNT(*) FROM api_clients WHERE name = $1 AND revoked_at IS NULL", c.Name); err != nil {
			return fmt.Errorf("find client: %w", err)
		}
		if taken > 0 {
			return Errorf(Conflict, "client name already in use: revoke that client first, or choose another name")
		}
		if err := tx.resolveCustomers(ctx, c, scope); err != nil {
			return err
		}
		if err := insertAll(ctx, tx, &clients.relation, []*Client{c}); err != nil {
			return err
		}
		rows := make([]*clientIdentifier, len(c.Identifiers))
		for i, id := range c.Identifiers {
			rows[i] = &clientIdentifier{c.ID, id.Source, id.Value}
		}
		return insertAll(ctx, tx, &clientIdentifiers, rows)
	})
}

// resolveCustomers adds customer identifiers and their customers to the scope of a client, each once.
func (tx *Tx) resolveCustomers(ctx context.Context, c *Client, scope []SourceID) error {
	for _, id := range scope {
		known, err := tx.CustomersBySource(ctx, id.Source, []string{id.Value})
		if err != nil {
			return err
		}
		customer := known[id.Value]
		if customer == nil {
			return Errorf(NotFound, "unknown customer %s", id)
		}
		if !slices.Contains(c.Identifiers, id) {
			c.Identifiers = append(c.Identifiers, id)
		}
		if !slices.Contains(c.Customers, customer.CustomerID) {
			c.Customers = append(c.Customers, customer.CustomerID)
		}
	}
	return nil
}

// Clients returns all clients, the oldest first, including revoked and expired ones.
func (s *Store) Clients(ctx context.Context) ([]*Client, error) {
	return s.clientsWhere(ctx, "TRUE")
}

// Client returns the client with an id, valid or not. It returns a NotFound error if there is none.
func (s *Store) Client(ctx context.Context, id string) (*Client, error) {
	return oneClient(s.clientsWhere(ctx, "c.id = $1", id))
}

// ClientBySecret returns the client whose secret has this hash, valid or not. It returns a NotFound error if there is
// none.
func (s *Store) ClientBySecret(ctx context.Context, hash string) (*Client, error) {
	return oneClient(s.clientsWhere(ctx, "c.secret_hash = $1 OR c.previous_secret_hash = $1", hash))
}

// oneClient returns the only client of a list, or a NotFound error.
func oneClient(found []*Client, err error) (*Client, error) {
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, Errorf(NotFound, "no client with this id")
	}
	return found[0], nil
}

// ImportScope returns the scope of a client that imports documents, or that of all customers for no client. It returns a
// Forbidden error if the client is revoked, expired, or may not import.
func (tx *Tx) ImportScope(ctx context.Context, clientID string) (Scope, error) {
	if clientID == "" {
		return All(), nil
	}
	found, err := readClients(ctx, tx.tx, "c.id = $1", clientID)
	switch {
	case err != nil:
		return Scope{}, err
	case len(found) == 0 || !found[0].MayImport || !found[0].Valid(tx.Now()):
		return Scope{}, Errorf(Forbidden, "this client may not import documents")
	}
	return found[0].Scope(), nil
}

// HasClients reports whether any client was ever added, including revoked and expired ones.
func (s *Store) HasClients(ctx context.Context) (bool, error) {
	var n int
	err := s.withClientConn(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &n, "SELECT CASE WHEN EXISTS (SELECT 1 FROM api_clients) THEN 1 ELSE 0 END")
	})
	if err != nil {
		return false, fmt.Errorf("find clients: %w", err)
	}
	return n == 1, nil
}

// clientsWhere returns the clients that satisfy a condition, with their customers.
func (s *Store) clientsWhere(ctx context.Context, condition string, args ...any) (found []*Client, err error) {
	err = s.withClientConn(ctx, func(conn *sqlx.Conn) error {
		found, err = readClients(ctx, conn, condition, args...)
		return err
	})
	return found, err
}

// readClients returns the clients that satisfy a condition, with their customers, by one statement.
func readClients(ctx context.Context, q queryer, condition string, args ...any) ([]*Client, error) {
	var rows []struct {
		Client
		Source     *Source `db:"source"`
		Value      string  `db:"value"`
		CustomerID *int64  `db:"customer_id"`
	}
	err := q.SelectContext(ctx, &rows, `SELECT c.id, c.name, c.secret_hash, c.previous_secret_hash, c.previous_secret_until, c.sees_cost, c.sees_everyone, c.staff, c.may_import, c.created_at, c.expires_at, c.revoked_at, s.source, COALESCE(s.value, '') AS value, i.customer_id
		FROM api_clients c LEFT JOIN api_client_identifiers s ON s.client_id = c.id LEFT JOIN customer_identifiers i ON i.source = s.source AND i.value = s.value
		WHERE `+condition+" ORDER BY c.created_at, c.id, s.source, s.value", args...)
	if err != nil {
		return nil, fmt.Errorf("read clients: %w", err)
	}
	var found []*Client
	for _, r := range rows {
		if n := len(found); n == 0 || found[n-1].ID != r.ID {
			found = append(found, &r.Client)
		}
		last := found[len(found)-1]
		if r.Source != nil {
			last.Identifiers = append(last.Identifiers, SourceID{*r.Source, r.Value})
		}
		if r.CustomerID != nil && !slices.Contains(last.Customers, *r.CustomerID) {
			last.Customers = append(last.Customers, *r.CustomerID)
		}
	}
	return found, nil
}
