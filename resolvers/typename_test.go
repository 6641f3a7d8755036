package resolvers_test

import (
	"bytes"
	"testing"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// TestTypenameOnce selects __typename of a union and of its members.
func TestTypenameOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		g := newGraph(t, store)
		g.loadHoldings()
		answer, _ := g.query(`{unattributed {nodes {document {... on ConsumptionReport {__typename} __typename ... on UsageRecord {__typename}}}}}`, nil)
		documents, names := bytes.Count(answer, []byte(`"document"`)), bytes.Count(answer, []byte(`"__typename"`))
		if documents == 0 || names != documents {
			t.Errorf("%d type names of %d documents: %s", names, documents, answer)
		}
	})
}
