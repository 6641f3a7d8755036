package app

import (
	"cmp"
	"context"
	"slices"

	"usagegraph/db"
	"usagegraph/ingest"
)

// gain is a client that sees more customers after links are made.
type gain struct {
	Client *db.Client
	// Identifiers are those of the customers that it does not see now, ordered by system and value.
	Identifiers []db.SourceID
}

// gainsOf returns which clients that are not revoked see which further customers once links are made, ordered by the names
// of the clients.
func gainsOf(ctx context.Context, store *db.Store, links []ingest.Link) ([]gain, error) {
	clients, err := store.Clients(ctx)
	if err != nil {
		return nil, err
	}
	joins, err := joinsOf(ctx, store, links)
	if err != nil {
		return nil, err
	}
	var gains []gain
	for _, c := range clients {
		if c.SeesEveryone || c.RevokedAt != nil {
			continue
		}
		if gained := joins.gained(c); len(gained) > 0 {
			gains = append(gains, gain{c, gained})
		}
	}
	slices.SortFunc(gains, func(a, b gain) int { return cmp.Compare(a.Client.Name, b.Client.Name) })
	return gains, nil
}

// joins are the identifiers of the customers that links are about, and which of them are one customer now and then.
type joins struct {
	now, then map[db.SourceID]db.SourceID // the parent of each in a forest; roots are their own parents
}

func joinsOf(ctx context.Context, store *db.Store, links []ingest.Link) (*joins, error) {
	var named []db.SourceID
	for _, l := range links {
		named = append(named, l.A, l.B)
	}
	groups, err := store.IdentifierGroups(ctx, named)
	if err != nil {
		return nil, err
	}
	j := &joins{map[db.SourceID]db.SourceID{}, map[db.SourceID]db.SourceID{}}
	for _, group := range groups {
		for _, id := range group {
			join(j.now, group[0], id)
			join(j.then, group[0], id)
		}
	}
	for _, l := range links {
		join(j.then, l.A, l.B)
	}
	return j, nil
}

// root returns the root of the tree of an identifier.
func root(parents map[db.SourceID]db.SourceID, id db.SourceID) db.SourceID {
	for parent, known := parents[id]; known && parent != id; parent, known = parents[id] {
		id = parent
	}
	return id
}

func join(parents map[db.SourceID]db.SourceID, a, b db.SourceID) {
	for _, id := range []db.SourceID{a, b} {
		if _, known := parents[id]; !known {
			parents[id] = id
		}
	}
	parents[root(parents, b)] = root(parents, a)
}

// gained returns the identifiers that a client sees then and not now.
func (j *joins) gained(c *db.Client) []db.SourceID {
	sees := func(parents map[db.SourceID]db.SourceID, id db.SourceID) bool {
		of := root(parents, id)
		return slices.ContainsFunc(c.Identifiers, func(own db.SourceID) bool { return root(parents, own) == of })
	}
	var gained []db.SourceID
	for id := range j.then {
		if sees(j.then, id) && !sees(j.now, id) {
			gained = append(gained, id)
		}
	}
	slices.SortFunc(gained, func(a, b db.SourceID) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Value, b.Value))
	})
	return gained
}
