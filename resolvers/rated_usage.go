package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type ratedUsageResolver Resolver

func (ratedUsageResolver) UsageRecord(ctx context.Context, obj *db.RatedUsage) (*db.UsageRecord, error) {
	return loaders.UsageRecordOf(ctx, obj)
}
