package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
	"usagegraph/queryplan"
)

// errNoNode is returned for a global ID without a record in the client's scope.
var errNoNode = db.Errorf(db.NotFound, "no node with this ID")

// nodes returns the records of ids, in their order. For each nil record, the second result has an error at the same
// index: NotFound, or BadInput for a text that is not an ID.
func nodes(ctx context.Context, read *queryplan.Read, ids []string) ([]db.Node, []error, error) {
	problems := make([]error, len(ids))
	parsed := make([]db.ID, 0, len(ids))
	for i, text := range ids {
		id, err := db.ParseID(text)
		if problems[i] = err; err == nil {
			parsed = append(parsed, id)
		}
	}
	found, err := loaders.Nodes(ctx, read, parsed)
	if err != nil {
		return nil, nil, err
	}
	all := make([]db.Node, len(ids))
	for i, problem := range problems {
		if problem != nil {
			continue
		}
		if all[i], found = found[0], found[1:]; all[i] == nil {
			problems[i] = errNoNode
		}
	}
	return all, problems, nil
}
