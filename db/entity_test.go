package db_test

import (
	"cmp"
	"context"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/govalues/decimal"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// entity describes one of the lists without its types.
type entity struct {
	name db.NodeType
	// rows returns all rows of the list, columns maps a column to the field of a row.
	rows    func(*world) []db.Node
	columns map[string][]int
	// parents are the types that have the list as a field.
	parents []db.NodeType
	// standard is the default order, orders are the fields of the schema's order enum.
	standard []orderKey
	orders   []string
	filter   reflect.Type
	list     func(ctx context.Context, r *db.Reader, of db.Parents, q query) ([]*page, error)
}

// query selects a page of any list; filter is nil or a pointer to the list's filter.
type query struct {
	db.Page
	orderBy []orderKey
	filter  any
}

type orderKey struct {
	field     string
	direction db.OrderDirection
}

// page is a page of any list.
type page struct {
	*db.PageInfo
	nodes   []db.Node
	cursors []string
	total   func(context.Context) (int64, error)
}

func (p *page) ids() []db.ID { return idsOf(p.nodes) }

func idsOf(nodes []db.Node) []db.ID {
	ids := make([]db.ID, len(nodes))
	for i, n := range nodes {
		ids[i] = n.GlobalID()
	}
	return ids
}

var entities = []*entity{
	entityOf((*db.Reader).Customers, []db.NodeType{}, (*world).allCustomers,
		func(k orderKey) db.CustomerOrder {
			return db.CustomerOrder{Field: db.CustomerOrderField(k.field), Direction: k.direction}
		}, orderKey{"CREATED", db.Ascending}),
	entityOf((*db.Reader).Subscriptions, []db.NodeType{db.TypeCustomer}, (*world).allSubscriptions,
		func(k orderKey) db.SubscriptionOrder {
			return db.SubscriptionOrder{Field: db.SubscriptionOrderField(k.field), Direction: k.direction}
		}, orderKey{"CREATED", db.Ascending}),
	entityOf((*db.Reader).UsageRecords, []db.NodeType{db.TypeCustomer, db.TypeSubscription}, (*world).allRecords,
		func(k orderKey) db.UsageRecordOrder {
			return db.UsageRecordOrder{Field: db.UsageRecordOrderField(k.field), Direction: k.direction}
		}, orderKey{"EVENT_TIME", db.Descending}, orderKey{"CREATED", db.Descending}),
	entityOf((*db.Reader).UsageSummaries, []db.NodeType{db.TypeCustomer, db.TypeSubscription}, (*world).allSummaries,
		func(k orderKey) db.UsageSummaryOrder {
			return db.UsageSummaryOrder{Field: db.UsageSummaryOrderField(k.field), Direction: k.direction}
		}, orderKey{"YEAR_MONTH", db.Descending}, orderKey{"CREATED", db.Descending}),
	entityOf((*db.Reader).Buckets, []db.NodeType{db.TypeCustomer, db.TypeSubscription, db.TypeConsumptionReport, db.TypeUsageSummary}, (*world).allBuckets,
		func(k orderKey) db.BucketOrder {
			return db.BucketOrder{Field: db.BucketOrderField(k.field), Direction: k.direction}
		}, orderKey{"EFFECTIVE_AT", db.Descending}, orderKey{"CREATED", db.Ascending}),
	entityOf((*db.Reader).ConsumptionReports, []db.NodeType{db.TypeCustomer, db.TypeSubscription}, (*world).allReports,
		func(k orderKey) db.ConsumptionReportOrder {
			return db.ConsumptionReportOrder{Field: db.ConsumptionReportOrderField(k.field), Direction: k.direction}
		}, orderKey{"EFFECTIVE_AT", db.Descending}, orderKey{"CREATED", db.Descending}),
}

func (w *world) allCustomers() []*db.Customer                { return w.customers }
func (w *world) allSubscriptions() []*db.ServiceSubscription { return w.subscriptions }
func (w *world) allRecords() []*db.UsageRecord               { return w.records }
func (w *world) allSummaries() []*db.UsageSummary            { return w.summaries }
func (w *world) allBuckets() []*db.Bucket                    { return w.buckets }
func (w *world) allReports() []*db.ConsumptionReport         { return w.reports }
func entityNamed(name db.NodeType) *entity                   { return entities[indexOf(name)] }

func convert[A, B any](list []A, f func(A) B) (to []B) {
	for _, a := range list {
		to = append(to, f(a))
	}
	return to
}

func indexOf(name db.NodeType) int {
	for i, e := range entities {
		if e.name == name {
			return i
		}
	}
	panic("no entity " + name)
}

func entityOf[T any, F db.Filter, O any, N interface {
	*T
	db.Node
}](list func(*db.Reader, context.Context, *db.Projection, db.Parents, db.Query[F, O]) ([]*db.Connection[T], error), parents []db.NodeType, rows func(*world) []*T,
	order func(orderKey) O, standard ...orderKey) *entity {
	return &entity{
		name:     N(new(T)).NodeType(),
		rows:     func(w *world) []db.Node { return convert(rows(w), func(row *T) db.Node { return N(row) }) },
		columns:  columnsOf(reflect.TypeFor[T]()),
		parents:  parents,
		orders:   enumValues(reflect.TypeFor[O]().Field(0).Type.Name()),
		standard: standard,
		filter:   reflect.TypeFor[F]().Elem(),
		list: func(ctx context.Context, r *db.Reader, of db.Parents, q query) ([]*page, error) {
			typed := db.Query[F, O]{Page: q.Page, OrderBy: convert(q.orderBy, func(k orderKey) *O { return new(order(k)) })}
			if q.filter != nil {
				typed.Filter = q.filter.(F)
			}
			connections, err := list(r, ctx, db.AllColumns, of, typed)
			return convert(connections, func(c *db.Connection[T]) *page {
				return &page{c.PageInfo(), convert(c.Nodes, func(row *T) db.Node { return N(row) }),
					convert(c.Edges(), (*db.Edge[T]).Cursor), c.TotalCount}
			}), err
		},
	}
}

// enumValues returns the values of an enum of the schema.
func enumValues(name string) []string {
	text, err := os.ReadFile("../schema.graphqls")
	if err != nil {
		panic(err)
	}
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: string(text)})
	return convert(schema.Types[name].EnumValues, func(v *ast.EnumValueDefinition) string { return v.Name })
}

func columnsOf(row reflect.Type) map[string][]int {
	columns := map[string][]int{}
	for _, field := range reflect.VisibleFields(row) {
		if name := field.Tag.Get("db"); name != "" {
			columns[name] = field.Index
		}
	}
	return columns
}

// value returns a row's value in the column of an order's field; nil for null.
func (e *entity) value(row db.Node, field string) any {
	column := strings.ToLower(field)
	switch {
	case field == "CREATED":
		return row.NodeKey().ID
	case field == "TOTAL" || field == "CHARGED":
		column += "_amount"
	}
	return plain(reflect.ValueOf(row).Elem().FieldByIndex(e.columns[column]))
}

// plain returns a field's value without its pointer: nil, int64, string, bool, decimal.Decimal or db.Time.
func plain(v reflect.Value) any {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil
		}
		v = v.Elem()
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String()
	case v.CanInt():
		return v.Int()
	}
	return v.Interface()
}

// compare compares two values of a column, which are not nil.
func compare(a, b any) int {
	switch a := a.(type) {
	case string:
		return strings.Compare(a, b.(string))
	case int64:
		return cmp.Compare(a, b.(int64))
	case decimal.Decimal:
		return a.Cmp(b.(decimal.Decimal))
	case db.Time:
		return a.Compare(b.(db.Time).Time)
	}
	if a == b {
		return 0
	}
	return 1
}

// one returns the only page of a list with one parent.
func (e *entity) one(t testing.TB, r *db.Reader, of db.Parents, q query) *page {
	t.Helper()
	pages, err := e.list(context.Background(), r, of, q)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 1 {
		t.Fatalf("%d pages for one parent", len(pages))
	}
	return pages[0]
}
