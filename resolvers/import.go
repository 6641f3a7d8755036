package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type importResolver Resolver

func (r importResolver) Rejects(ctx context.Context, obj *db.Import, first *int32, after *string) (*db.ImportRejectConnection, error) {
	p, err := loaders.NewPage(ctx, r.read, first, after, nil, nil)
	if err != nil {
		return nil, err
	}
	return loaders.ImportRejects(ctx, r.read, obj, p)
}
