package db_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestTextIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		texts := []string{"", `\N`, `\.`, "a\tb\nc\rd", `\t \\ "'`, "é\u2028\U0001F4DE", `{a,"b"}`, "end\n"}
		var records []*db.UsageRecord
		var want []string
		for i, text := range texts {
			records = append(records, of(1, fmt.Sprint(i), text))
			want = append(want, fmt.Sprint("1 ", i, " ", text))
		}
		putRecords(t, store, records...)
		if diff := cmp.Diff(want, inStore(t, store)); diff != "" {
			t.Error(diff)
		}
	})
}
