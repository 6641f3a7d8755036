package db

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/govalues/decimal"
)

// Compare is a filter on values of an ordered type; all conditions that are set must hold.
type Compare[T any] struct {
	Eq     *T
	Ne     *T
	In     []T
	Gt     *T
	Gte    *T
	Lt     *T
	Lte    *T
	IsNull *bool
}

// EnumFilter is a filter on values of a closed list.
type EnumFilter[T ~string] struct {
	Eq     *T
	Ne     *T
	In     []T
	IsNull *bool
}

// The filters on single fields, named as in the schema.
type (
	DateTimeFilter       Compare[Time]
	DateFilter           Compare[Date]
	YearMonthFilter      Compare[YearMonth]
	DecimalFilter        Compare[decimal.Decimal]
	LongFilter           Compare[int64]
	SourceFilter         EnumFilter[Source]
	UsageTypeFilter      EnumFilter[UsageType]
	UsageStatusFilter    EnumFilter[UsageStatus]
	UsageDirectionFilter EnumFilter[UsageDirection]
	UnitFilter           EnumFilter[Unit]
)

// StringFilter is a filter on text, compared byte by byte. Like is a pattern with the wildcards % and _, which \
// escapes; it treats a to z and A to Z as equal.
type StringFilter struct {
	Eq     *string
	Ne     *string
	In     []string
	Like   *string
	Gt     *string
	Gte    *string
	Lt     *string
	Lte    *string
	IsNull *bool
}

// BooleanFilter is a filter on booleans.
type BooleanFilter struct {
	Eq     *bool
	Ne     *bool
	IsNull *bool
}

// IDFilter is a filter on global ids.
type IDFilter struct {
	Eq     *ID
	Ne     *ID
	In     []ID
	IsNull *bool
}

// Filter is a set of conditions on the rows of a table; t is the table's alias with its dot. A nil filter has no
// conditions.
type Filter interface {
	conditions(c *compiler, t string)
}

// selective is a filter that may match few rows of a table, which an index finds. These are then sorted: without
// statistics, SQLite would search for them in an index that has the order.
type selective interface{ selective() bool }

// bySourceID reports whether conditions select records by their ids in a system.
func bySourceID(source *SourceFilter, id *StringFilter) bool {
	return source != nil && source.Eq != nil && id != nil && (id.Eq != nil || id.In != nil)
}

// compiler builds SQL conditions and the list of their arguments. Values from callers are always arguments, never part
// of the SQL text.
type compiler struct {
	dialect *dialect
	args    []any
	terms   []string
	err     error
	// nodeKeys returns the keys of the records with these ids.
	nodeKeys func(ids []ID) (map[ID]Key, error)
	// matches counts the matches of conditions on children; nil if they are not counted.
	matches *matchCounter
	// within adds the conditions on the customers of a list that is read as a whole. It is nil for other lists.
	within func(x string)
	// ofCustomers is true for the lists of some customers or subscriptions, which have records of few sources.
	ofCustomers bool
	// depth is the number of related rows around the condition that is being added; it names their aliases.
	depth int
	// owners adds the conditions on the customers whose records are read, if so many records are read that the customers
	// and subscriptions that satisfy a filter are read first. It is nil for other lists.
	owners func(x string)
	// ofSubscription is true for conditions on the records of one subscription: in the list of a subscription, report or
	// summary, and in a filter on the subscription.
	ofSubscription bool
	// few is true if few rows satisfy the conditions that were added.
	few bool
	// wide is true if the list has the records of all customers, and no condition but those on source and rated usages.
	// allSources is true if there is no condition on the source either.
	wide, allSources bool
	// isPeriod is true if there is no condition but one on the time of a record.
	isPeriod bool
}

// maxArguments is the maximum number of arguments of a statement; SQLite's limit is 32,766.
const maxArguments = 10_000

// bind adds an argument and returns its placeholder.
func (c *compiler) bind(v any) string {
	if len(c.args) == maxArguments {
		c.fail(Errorf(BadInput, "filter has more than %d values", maxArguments))
	}
	c.args = append(c.args, v)
	return placeholder(len(c.args))
}

func (c *compiler) add(parts ...string) { c.terms = append(c.terms, strings.Join(parts, "")) }

func (c *compiler) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// all returns the conditions that write adds as one condition, TRUE if there are none.
func (c *compiler) all(write func()) string {
	outer := c.terms
	c.terms = nil
	write()
	inner := c.terms
	c.terms = outer
	if len(inner) == 0 {
		return "TRUE"
	}
	return joined(inner, " AND ")
}

// joined joins terms with an operator, as a balanced tree: SQLite limits the depth of an expression to 1,000.
func joined(terms []string, operator string) string {
	if len(terms) <= 2 {
		return strings.Join(terms, operator)
	}
	half := len(terms) / 2
	return "(" + joined(terms[:half], operator) + ")" + operator + "(" + joined(terms[half:], operator) + ")"
}

// logic adds the and, or and not of a filter. NOT treats unknown as false, so that it matches rows without a value.
func logic[S any, F interface {
	*S
	Filter
}](c *compiler, t string, and, or []F, not F) {
	for _, f := range and {
		f.conditions(c, t)
	}
	few := c.few
	if or != nil {
		either, eachFew := []string{"FALSE"}, true
		for _, f := range or {
			c.few = false
			either = append(either, "("+c.all(func() { f.conditions(c, t) })+")")
			eachFew = eachFew && c.few
		}
		few = few || eachFew
		c.add("(", joined(either, " OR "), ")")
	}
	if not != nil {
		c.add("NOT COALESCE((", c.all(func() { not.conditions(c, t) }), "), FALSE)")
	}
	c.few = few
}

// compare adds the conditions of a filter on a column; array is PostgreSQL's name for the element type of an array of
// its values.
func compare[T any](c *compiler, col, array string, f *Compare[T]) {
	if f == nil {
		return
	}
	for _, test := range []struct {
		operator string
		value    *T
	}{{" = ", f.Eq}, {" IS DISTINCT FROM ", f.Ne}, {" > ", f.Gt}, {" >= ", f.Gte}, {" < ", f.Lt}, {" <= ", f.Lte}} {
		if test.value != nil {
			if text, ok := any(*test.value).(string); ok {
				c.checkText(text)
			}
			c.add(col, test.operator, c.bind(*test.value))
		}
	}
	if f.In != nil {
		values := make([]any, len(f.In))
		for i, v := range f.In {
			if text, ok := any(v).(string); ok {
				c.checkText(text)
			}
			values[i] = v
		}
		c.add(col, c.dialect.in(c, array, values))
	}
	nullCondition(c, col, f.IsNull)
}

func enumCondition[T ~string](c *compiler, col string, f *EnumFilter[T]) {
	if f != nil {
		compare(c, col, "text", &Compare[T]{Eq: f.Eq, Ne: f.Ne, In: f.In, IsNull: f.IsNull})
	}
}

func booleanCondition(c *compiler, col string, f *BooleanFilter) {
	if f == nil {
		return
	}
	if f.Eq != nil {
		c.add(col, c.dialect.is[*f.Eq])
	}
	compare(c, col, "boolean", &Compare[bool]{Ne: f.Ne, IsNull: f.IsNull})
}

// customerCondition adds the conditions on a row's customer; the customer of an unattributed row counts as null.
func customerCondition(c *compiler, t string, f *IDFilter) {
	idCondition(c, "customerId", TypeCustomer, t+"customer_id <> 0", f, func(k Key) string {
		return t + "customer_id = " + c.bind(k.CustomerID)
	})
}

// sourceCustomerCondition adds the condition on a row's customer by the id in a source. It compares the customer's key,
// too, with which the indexes begin.
func sourceCustomerCondition(c *compiler, t string, f *SourceID) {
	if f != nil {
		c.checkText(f.Value)
		c.add(t, "source_customer_id = ", c.bind(f.Value), " AND ", t, "customer_id = (SELECT i.customer_id FROM customer_identifiers i WHERE i.source = ",
			c.bind(f.Source), " AND i.value = ", c.bind(f.Value), ")")
	}
}

// subscriptionCondition adds the conditions on a row's subscription.
func subscriptionCondition(c *compiler, t string, f *IDFilter) {
	idCondition(c, "subscriptionId", TypeSubscription, t+"subscription_id IS NOT NULL", f, func(k Key) string {
		return t + "customer_id = " + c.bind(k.CustomerID) + " AND " + t + "subscription_id = " + c.bind(k.ID)
	})
}

// idCondition adds the conditions on global ids of one type. Errors name the field; hasID is the condition for rows
// that have an id, and keyIs returns the condition for rows with a key.
func idCondition(c *compiler, field string, want NodeType, hasID string, f *IDFilter, keyIs func(Key) string) {
	if f == nil {
		return
	}
	keys := c.keysOf(field, want, f)
	equals := func(id ID) string {
		key, ok := keys[id]
		if !ok {
			return "FALSE"
		}
		return "(" + hasID + " AND " + keyIs(key) + ")"
	}
	if f.Eq != nil {
		c.add(equals(*f.Eq))
	}
	if f.Ne != nil {
		c.add("NOT COALESCE(", equals(*f.Ne), ", FALSE)")
	}
	if f.In != nil {
		either := []string{"FALSE"}
		for _, id := range f.In {
			either = append(either, equals(id))
		}
		c.add("(", joined(either, " OR "), ")")
	}
	if f.IsNull != nil && *f.IsNull {
		c.add("NOT (", hasID, ")")
	} else if f.IsNull != nil {
		c.add("(", hasID, ")")
	}
}

// keysOf returns the keys of the records whose ids a filter contains. An id of another type is a BadInput error.
func (c *compiler) keysOf(field string, want NodeType, f *IDFilter) map[ID]Key {
	ids := slices.Clone(f.In)
	for _, id := range []*ID{f.Eq, f.Ne} {
		if id != nil {
			ids = append(ids, *id)
		}
	}
	for _, id := range ids {
		if id.Type != want {
			c.fail(Errorf(BadInput, "%s: want the id of a %s, not of a %s", field, want, id.Type))
			return nil
		}
	}
	if len(ids) == 0 || c.err != nil {
		return nil
	}
	keys, err := c.nodeKeys(ids)
	if err != nil {
		c.fail(err)
	}
	return keys
}

func nullCondition(c *compiler, col string, isNull *bool) {
	if isNull != nil && *isNull {
		c.add(col, " IS NULL")
	} else if isNull != nil {
		c.add(col, " IS NOT NULL")
	}
}

func (c *compiler) checkText(s string) {
	if err := checkText(s); err != nil {
		c.fail(err)
	}
}

// checkText returns a BadInput error for text that one of the databases cannot store.
func checkText(s string) error {
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return Errorf(BadInput, "text must be UTF-8 without NUL characters")
	}
	return nil
}
