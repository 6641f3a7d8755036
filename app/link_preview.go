package app

import (
	"cmp"
	"context"
	"slices"

	"usagegraph/db"
	"usagegraph/ingest"
)

// gain holds the customers that a client will see after the links.
type gain struct {
	Client *db.Client
	// Identifiers are the identifiers of the customers that the client does not see now, ordered by system and value.
	Identifiers []db.SourceID
}

// previewGains returns the clients that will see more customers after the links, ordered by name. Revoked clients are
// left out.
func previewGains(ctx context.Context, store *db.Store, links []ingest.Link) ([]gain, error) {
	clients, err := store.Clients(ctx)
	if err != nil {
		return nil, err
	}
	groups, err := groupCustomers(ctx, store, links)
	if err != nil {
		return nil, err
	}
	var gains []gain
	for _, c := range scopedClients(clients) {
		if gained := groups.gained(c); len(gained) > 0 {
			gains = append(gains, gain{c, gained})
		}
	}
	return gains, nil
}

// customerGroups holds the identifiers of the customers of links in two disjoint-set forests, one tree per customer
// before and after the links. Each identifier is mapped to its parent; a root is its own parent.
type customerGroups struct {
	before, after map[db.SourceID]db.SourceID
}

func groupCustomers(ctx context.Context, store *db.Store, links []ingest.Link) (*customerGroups, error) {
	var named []db.SourceID
	for _, l := range links {
		named = append(named, l.A, l.B)
	}
	groups, err := store.IdentifierGroups(ctx, named)
	if err != nil {
		return nil, err
	}
	j := &customerGroups{map[db.SourceID]db.SourceID{}, map[db.SourceID]db.SourceID{}}
	for _, group := range groups {
		for _, id := range group {
			union(j.before, group[0], id)
			union(j.after, group[0], id)
		}
	}
	for _, l := range links {
		union(j.after, l.A, l.B)
	}
	return j, nil
}

// find returns the root of an identifier's tree.
func find(parents map[db.SourceID]db.SourceID, id db.SourceID) db.SourceID {
	for parent, known := parents[id]; known && parent != id; parent, known = parents[id] {
		id = parent
	}
	return id
}

// union joins the trees of two identifiers.
func union(parents map[db.SourceID]db.SourceID, a, b db.SourceID) {
	for _, id := range []db.SourceID{a, b} {
		if _, known := parents[id]; !known {
			parents[id] = id
		}
	}
	parents[find(parents, b)] = find(parents, a)
}

// gained returns the identifiers that a client sees only after the links.
func (j *customerGroups) gained(c *db.Client) []db.SourceID {
	sees := func(parents map[db.SourceID]db.SourceID, id db.SourceID) bool {
		of := find(parents, id)
		return slices.ContainsFunc(c.Identifiers, func(own db.SourceID) bool { return find(parents, own) == of })
	}
	var gained []db.SourceID
	for id := range j.after {
		if sees(j.after, id) && !sees(j.before, id) {
			gained = append(gained, id)
		}
	}
	slices.SortFunc(gained, func(a, b db.SourceID) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Value, b.Value))
	})
	return gained
}
