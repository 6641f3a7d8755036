package db

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
)

// Client is a program or person who may ask: what he may see, and the hash of the secret by which he is known.
type Client struct {
	ID   string `db:"id"`
	Name string `db:"name"`
	// SecretHash is the SHA-256 of the secret, in hexadecimal.
	SecretHash   string `db:"secret_hash"`
	SeesCost     bool   `db:"sees_cost"`
	SeesEveryone bool   `db:"sees_everyone"`
	// Staff tells whether the client sees the operator's own data besides, such as imports and links. Only a client that
	// sees everyone can be staff.
	Staff     bool `db:"staff"`
	CreatedAt Time `db:"created_at"`
	// ExpiresAt is when the secret ends; nil is never.
	ExpiresAt *Time `db:"expires_at"`
	RevokedAt *Time `db:"revoked_at"`

	// Identifiers are those that the scope of the client was given with, ordered by system and value; empty where it sees
	// every customer. Customers are the ids of the customers that have these identifiers now.
	Identifiers []SourceID `db:"-"`
	Customers   []int64    `db:"-"`
}

// Scope returns what the client may see.
func (c *Client) Scope() Scope {
	if c.SeesEveryone {
		return All().WithCost(c.SeesCost).WithStaff(c.Staff)
	}
	return Only(c.Customers...).WithCost(c.SeesCost)
}

// Valid tells whether the client may ask at a time: whether he is not revoked and has not expired.
func (c *Client) Valid(at Time) bool {
	return c.RevokedAt == nil && (c.ExpiresAt == nil || at.Before(c.ExpiresAt.Time))
}

var clients = newChildren[Client]("api_clients", "id", "id")

// clientIdentifier is an identifier of a customer in the scope of a client.
type clientIdentifier struct {
	ClientID string `db:"client_id"`
	Source   Source `db:"source"`
	Value    string `db:"value"`
}

var clientIdentifiers = newRelation[clientIdentifier]("api_client_identifiers")

// AddClient stores a new client whose scope is the customers with these identifiers, and sets when it was created. It
// returns a NotFound error for an identifier that no customer has, and a Conflict error where another client that is not
// revoked has the name.
func (s *Store) AddClient(ctx context.Context, c *Client, scope ...SourceID) error {
	c.CreatedAt = TimeOf(s.clock())
	return s.Write(ctx, func(tx *Tx) error {
		// Writers take turns: no customer becomes another, and no name is taken, before this is done.
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var taken int
		if err := tx.tx.GetContext(ctx, &taken, "SELECT COUNT(*) FROM api_clients WHERE name = $1 AND revoked_at IS NULL", c.Name); err != nil {
			return fmt.Errorf("look for a client: %w", err)
		}
		if taken > 0 {
			return Errorf(Conflict, "there is a client of this name: revoke him first, or take another name")
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

// resolveCustomers adds identifiers to the scope of a client, each once.
func (tx *Tx) resolveCustomers(ctx context.Context, c *Client, scope []SourceID) error {
	for _, id := range scope {
		known, err := tx.CustomersBySource(ctx, id.Source, []string{id.Value})
		if err != nil {
			return err
		}
		customer := known[id.Value]
		if customer == nil {
			return Errorf(NotFound, "no customer is known as %s", id)
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

// RevokeClient ends a client at once. It returns a NotFound error where there is none of this id, and Conflict where he
// was revoked before.
func (s *Store) RevokeClient(ctx context.Context, id string) error {
	return s.Write(ctx, func(tx *Tx) error {
		done, err := tx.tx.ExecContext(ctx, "UPDATE api_clients SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL", TimeOf(s.clock()), id)
		if err != nil {
			return fmt.Errorf("revoke client: %w", err)
		}
		if n, err := done.RowsAffected(); n > 0 || err != nil {
			return err
		}
		var known int
		if err := tx.tx.GetContext(ctx, &known, "SELECT COUNT(*) FROM api_clients WHERE id = $1", id); err != nil {
			return fmt.Errorf("look for a client: %w", err)
		}
		if known > 0 {
			return Errorf(Conflict, "this client was revoked before")
		}
		return Errorf(NotFound, "there is no client of this id")
	})
}

// Clients returns all clients, the oldest first, also those who were revoked or have expired.
func (s *Store) Clients(ctx context.Context) ([]*Client, error) {
	return s.clientsWhere(ctx, "TRUE")
}

// ClientBySecret returns the client whose secret has this hash, valid or not. It returns a NotFound error where there
// is none.
func (s *Store) ClientBySecret(ctx context.Context, hash string) (*Client, error) {
	found, err := s.clientsWhere(ctx, "c.secret_hash = $1", hash)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, Errorf(NotFound, "no client has this secret")
	}
	return found[0], nil
}

// HasClients tells whether there ever was a client, also one who is revoked or has expired.
func (s *Store) HasClients(ctx context.Context) (bool, error) {
	var n int
	err := s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.GetContext(ctx, &n, "SELECT CASE WHEN EXISTS (SELECT 1 FROM api_clients) THEN 1 ELSE 0 END")
	})
	if err != nil {
		return false, fmt.Errorf("look for clients: %w", err)
	}
	return n == 1, nil
}

// clientsWhere reads clients with their customers, in one statement.
func (s *Store) clientsWhere(ctx context.Context, condition string, args ...any) ([]*Client, error) {
	var rows []struct {
		Client
		Source     *Source `db:"source"`
		Value      string  `db:"value"`
		CustomerID *int64  `db:"customer_id"`
	}
	err := s.withConn(ctx, func(conn *sqlx.Conn) error {
		return conn.SelectContext(ctx, &rows, `SELECT c.id, c.name, c.secret_hash, c.sees_cost, c.sees_everyone, c.staff, c.created_at, c.expires_at, c.revoked_at, s.source, COALESCE(s.value, '') AS value, i.customer_id
		FROM api_clients c LEFT JOIN api_client_identifiers s ON s.client_id = c.id LEFT JOIN customer_identifiers i ON i.source = s.source AND i.value = s.value
		WHERE `+condition+" ORDER BY c.created_at, c.id, s.source, s.value", args...)
	})
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
