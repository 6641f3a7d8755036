package app

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

// owner is a customer whose records no other client may see, or the owner of records without a customer. All its values
// can be recognized: text contains its word, numbers begin with its four digits, times are in its year.
type owner struct {
	word     string
	digits   int64
	year     int
	customer int64
	// customerIDs maps systems to their IDs of the customer.
	customerIDs   map[db.Source]string
	subscriptions []db.Key
	n             int64
}

// costDigits begin Anna's values of cost, and costWord is in values of cost in JSON columns.
const (
	costDigits = 1555
	costWord   = "COSTCANARY"
)

// disputedNumber is a phone number of Anna and Berta at the same time; movedNumber was Anna's first and is Berta's now.
const (
	disputedNumber = "31600000000"
	movedNumber    = "31600000001"
)

func newOwners() (anna, berta, unowned *owner) {
	return &owner{word: "ANNA", digits: 1711, year: 2041}, &owner{word: "BERTA", digits: 1922, year: 2042}, &owner{word: "NEMO", digits: 1833, year: 2043}
}

func (p *owner) number() int64 {
	p.n++
	return p.digits*1_000_000 + p.n
}

func (p *owner) text(name string) string { return fmt.Sprintf("%s-%s-%d", p.word, name, p.number()) }

// fillColumns sets all zero columns of a row, except enums, to recognizable values of the owner.
func fillColumns[T any](p *owner, row *T) *T {
	v := reflect.ValueOf(row).Elem()
	for i := range v.NumField() {
		field, of := v.Field(i), v.Type().Field(i)
		if column := of.Tag.Get("db"); column == "" || column == "-" || !field.IsZero() {
			continue
		}
		if value := p.value(of.Name, of.Type); value != nil {
			field.Set(reflect.ValueOf(value))
		}
	}
	return row
}

// at returns a time in the owner's year.
func (p *owner) at() *db.Time {
	return new(db.TimeOf(time.Date(p.year, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.n) * time.Minute)))
}

// value returns a value of a column's type, or nil for other types.
func (p *owner) value(name string, of reflect.Type) any {
	at := *p.at()
	switch of {
	case reflect.TypeFor[string]():
		return p.text(name)
	case reflect.TypeFor[*string]():
		return new(p.text(name))
	case reflect.TypeFor[*int64]():
		return new(p.number())
	case reflect.TypeFor[*int32]():
		return new(int32(p.number()))
	case reflect.TypeFor[*bool]():
		return new(true)
	case reflect.TypeFor[*decimal.Decimal]():
		n := p.number()
		if p.word == "ANNA" && (strings.Contains(name, "Cost") || strings.Contains(name, "Profit") || strings.Contains(name, "Margin")) {
			n = costDigits*1_000_000 + p.n
		}
		return new(decimal.MustNew(n, 0))
	case reflect.TypeFor[db.Time]():
		return at
	case reflect.TypeFor[*db.Time]():
		return &at
	case reflect.TypeFor[*db.Date]():
		return new(db.Date(at.Format(time.DateOnly)))
	case reflect.TypeFor[db.YearMonth]():
		return db.YearMonth(at.Format("2006-01"))
	case reflect.TypeFor[db.JSON]():
		return p.json(name)
	}
	return nil
}

// json returns a value of a JSON column.
func (p *owner) json(name string) db.JSON {
	c := p.text(name)
	cost := p.word + costWord
	switch name {
	case "CharacteristicsJSON":
		return db.JSON(fmt.Sprintf(`[{"name":%q,"value":%q},{"name":"UnitCost","value":%q}]`, c, c, cost))
	case "RelatedPartiesJSON":
		return db.JSON(fmt.Sprintf(`[{"id":%q,"name":%q,"role":%q,"@referredType":%q}]`, c, c, c, c))
	case "ProductsJSON":
		return db.JSON(fmt.Sprintf(`[{"publicIdentifier":%q}]`, c))
	case "BucketValueConvertedJSON":
		return db.JSON(fmt.Sprintf(`{"unit":%q,"value":%d}`, c, p.number()))
	case "Extension":
		return db.JSON(fmt.Sprintf(`{%q:%q,"netCost":%q}`, c, c, cost))
	}
	return db.JSON(fmt.Sprintf(`{"id":%q,"name":%q,"href":%q}`, c, c, c))
}

// add stores the owner with records of all types.
func (p *owner) add(t *testing.T, store *db.Store) {
	t.Helper()
	err := store.Write(t.Context(), func(tx *db.Tx) error {
		ctx := t.Context()
		tx.NextID() // an unused ID between those of two owners
		var errs []error
		if p.word != "NEMO" {
			p.customer = tx.NextID()
			c := fillColumns(p, &db.Customer{CustomerID: p.customer, Source: db.Elevate, SourceID: fmt.Sprint(p.number())})
			linked := fillColumns(p, &db.Customer{CustomerID: tx.NextID(), Source: db.STN})
			p.customerIDs = map[db.Source]string{db.Elevate: c.SourceID, db.STN: linked.SourceID}
			errs = append(errs, tx.AddCustomers(ctx, []*db.Customer{c, linked}))
			errs = append(errs, tx.MergeCustomers(ctx, linked.CustomerID, c.CustomerID))
		}
		for range 2 {
			errs = append(errs, p.addSubscription(ctx, tx))
		}
		if p.customer != 0 {
			errs = append(errs, tx.RenameCustomers(ctx, []int64{p.customer}))
		}
		for _, err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sourceCustomerID returns the owner's ID in a system, or a number if it has none.
func (p *owner) sourceCustomerID(source db.Source) *string {
	if id, ok := p.customerIDs[source]; ok {
		return &id
	}
	return new(fmt.Sprint(p.number()))
}

// addSubscription stores a subscription with records of all sources.
func (p *owner) addSubscription(ctx context.Context, tx *db.Tx) error {
	subscription := fillColumns(p, &db.ServiceSubscription{Key: db.Key{CustomerID: p.customer, ID: tx.NextID()}, Source: db.DXP, BusinessID: new("PR"), PhoneNumber: new(fmt.Sprint(p.number()))})
	subscription.SubscriptionName, subscription.SourceCustomerID, subscription.CustomerSource = nil, nil, nil // dxp has no customer IDs
	if id, known := p.customerIDs[db.Elevate]; known {
		subscription.SourceCustomerID, subscription.CustomerSource = &id, new(db.Elevate) // from an assignment
	}
	number, _ := db.ReadMSISDN(db.DXP, *subscription.PhoneNumber, "PR")
	names := []*db.SubscriptionIdentifier{
		{Kind: db.SourceOwnID, SourceName: db.DXP, Value: subscription.SourceID}, {Kind: db.MSISDN, SourceName: number.Source(), Value: number.Value()},
	}
	if len(p.subscriptions) == 0 {
		names = append(names, &db.SubscriptionIdentifier{Kind: db.MSISDN, Value: disputedNumber, Disputed: p.customer != 0},
			&db.SubscriptionIdentifier{Kind: db.MSISDN, Value: movedNumber, Position: int32(p.year)})
	}
	p.subscriptions = append(p.subscriptions, subscription.Key)
	for i, n := range names {
		n.CustomerID, n.SubscriptionID = subscription.CustomerID, subscription.ID
		if i > 0 && p.customer != 0 {
			n.ValidFrom, n.FirstEnd, n.LastStart, n.ValidTo = p.at(), p.at(), p.at(), p.at()
			if n.Value == movedNumber { // keep its window open after the other numbers
				n.ValidTo = new(db.TimeOf(p.at().AddDate(0, 0, 1)))
			}
		}
	}
	if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{subscription}); err != nil {
		return err
	}
	if err := tx.AddIdentifiers(ctx, names); err != nil {
		return err
	}
	return p.addRecords(ctx, tx, subscription)
}

func (p *owner) addRecords(ctx context.Context, tx *db.Tx, subscription *db.ServiceSubscription) error {
	key := db.Key{CustomerID: subscription.CustomerID}
	price := func() *db.RatedUsage { return fillColumns(p, &db.RatedUsage{UTCOffsetMinutes: new(int32)}) }
	for _, source := range []db.Source{db.Elevate, db.BRM} {
		u := &db.UsageRecord{Key: key, SubscriptionID: &subscription.ID, Source: source, SourceID: fmt.Sprint(p.number()), SourceCustomerID: p.sourceCustomerID(source),
			UsageType: db.Voice, Status: new(db.Rated), Direction: new(db.Inbound), Rated: []*db.RatedUsage{price(), price()}}
		fillColumns(p, u).UTCOffsetMinutes = 0
		if _, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil)); err != nil {
			return err
		}
	}
	summary := fillColumns(p, &db.UsageSummary{Key: key, SubscriptionID: &subscription.ID, Source: db.STN, SourceCustomerID: p.sourceCustomerID(db.STN), PhoneNumber: new(fmt.Sprint(p.number())), SimCardNumber: subscription.SimCardNumber})
	summary.Lines = []*db.UsageSummaryLine{fillColumns(p, &db.UsageSummaryLine{VolumeUnit: new(db.Second)})}
	bucket := func(source db.Source, id string) *db.Bucket {
		return fillColumns(p, &db.Bucket{Source: source, SourceID: id, SubscriptionID: &subscription.ID, UsageType: db.Voice, Unit: new(db.Minute), ReportID: new(int64), SummaryID: new(int64)})
	}
	summary.Buckets = []*db.Bucket{bucket(db.STN, "HomeVoice")}
	summary.Buckets[0].ReportID = nil
	if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{summary}, nil)); err != nil {
		return err
	}
	// Reports by the number, by the two numbers shared with the other owner, and by the subscription's ID.
	for _, number := range []string{*subscription.PhoneNumber, "+" + disputedNumber, "+" + movedNumber, ""} {
		name, _ := db.ReadMSISDN(db.DXP, number, "PR")
		report := fillColumns(p, &db.ConsumptionReport{Key: key, SubscriptionID: &subscription.ID, Source: db.DXP, SubscriptionName: new(string(name)), SourceSubscriptionID: &subscription.SourceID, BusinessID: new("PR")})
		if number == "" {
			report.SubscriptionName = nil
		}
		report.Buckets = []*db.Bucket{bucket(db.DXP, p.text("bucket"))}
		report.Buckets[0].SummaryID = nil
		report.Buckets[0].Balances = []*db.BucketBalance{fillColumns(p, &db.BucketBalance{Unit: new(db.Minute)})}
		report.Buckets[0].Counters = []*db.BucketCounter{fillColumns(p, &db.BucketCounter{Unit: new(db.Minute)})}
		if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{report})); err != nil {
			return err
		}
	}
	return nil
}
