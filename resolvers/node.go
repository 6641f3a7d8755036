package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

// absent is what a global id leads to where there is nothing, or nothing that the client may see.
var absent = db.Errorf(db.NotFound, "there is nothing with this id")

// nodes returns the records of some ids, in their order. One that cannot be returned is nil and has a problem at its place:
// a NotFound error, or a BadInput error for what is not an id.
func nodes(ctx context.Context, ids []string) ([]db.Node, []error, error) {
	problems := make([]error, len(ids))
	parsed := make([]db.ID, 0, len(ids))
	for i, text := range ids {
		id, err := db.ParseID(text)
		if problems[i] = err; err == nil {
			parsed = append(parsed, id)
		}
	}
	found, err := loaders.Nodes(ctx, parsed)
	if err != nil {
		return nil, nil, err
	}
	all := make([]db.Node, len(ids))
	for i, problem := range problems {
		if problem != nil {
			continue
		}
		if all[i], found = found[0], found[1:]; all[i] == nil {
			problems[i] = absent
		}
	}
	return all, problems, nil
}
