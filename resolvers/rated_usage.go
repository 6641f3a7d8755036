package resolvers

import (
	"context"

	"usagegraph/db"
	"usagegraph/loaders"
)

type ratedUsageResolver struct{}

func (ratedUsageResolver) UsageRecord(ctx context.Context, obj *db.RatedUsage) (*db.UsageRecord, error) {
	return loaders.UsageRecordOf(ctx, obj)
}
