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

// person is whose data nobody else's answers may show. Every value of his, in every column, can be told by its looks:
// text has his word in it, a number begins with his four digits, a time is in his year.
type person struct {
	word     string
	digits   int64
	year     int
	customer int64
	// known are the ids by which systems know him.
	known map[db.Source]string
	lines []db.Key
	n     int64
}

// costDigits begin what the reseller pays for Anna, and the others' own what he pays for them; costWord stands in open
// JSON below a name that speaks of cost.
const (
	costDigits = 1555
	costWord   = "COSTCANARY"
)

// disputedNumber is a phone number that Anna and Berta dispute, movedNumber one that Berta has had since Anna had it.
const (
	disputedNumber = "31600000000"
	movedNumber    = "31600000001"
)

func people() (anna, berta, nemo *person) {
	return &person{word: "ANNA", digits: 1711, year: 2041}, &person{word: "BERTA", digits: 1922, year: 2042}, &person{word: "NEMO", digits: 1833, year: 2043}
}

func (p *person) number() int64 {
	p.n++
	return p.digits*1_000_000 + p.n
}

func (p *person) text(name string) string { return fmt.Sprintf("%s-%s-%d", p.word, name, p.number()) }

// fill gives every column of a row a value of this person, but for those that have one, and for words of closed lists.
func fill[T any](p *person, row *T) *T {
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

// at returns a time in the person's year.
func (p *person) at() *db.Time {
	return new(db.TimeOf(time.Date(p.year, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(p.n) * time.Minute)))
}

func (p *person) value(name string, of reflect.Type) any {
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

// json is an open part, in the form that its column has.
func (p *person) json(name string) db.JSON {
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

// add stores a person with some of everything; nobody's has no customer.
func (p *person) add(t *testing.T, store *db.Store) {
	t.Helper()
	err := store.Write(t.Context(), func(tx *db.Tx) error {
		ctx := t.Context()
		tx.NextID() // between two people's there is an id that is nobody's
		var errs []error
		if p.word != "NEMO" {
			p.customer = tx.NextID()
			c := fill(p, &db.Customer{CustomerID: p.customer, Source: db.Elevate, SourceID: fmt.Sprint(p.number())})
			linked := fill(p, &db.Customer{CustomerID: tx.NextID(), Source: db.STN})
			p.known = map[db.Source]string{db.Elevate: c.SourceID, db.STN: linked.SourceID}
			errs = append(errs, tx.AddCustomers(ctx, []*db.Customer{c, linked}))
			errs = append(errs, tx.MergeCustomers(ctx, linked.CustomerID, c.CustomerID))
		}
		for range 2 {
			errs = append(errs, p.addLine(ctx, tx))
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

// knownTo is the id by which a system knows him, else some number.
func (p *person) knownTo(source db.Source) *string {
	if id, ok := p.known[source]; ok {
		return &id
	}
	return new(fmt.Sprint(p.number()))
}

// addLine stores a line with records of all sources.
func (p *person) addLine(ctx context.Context, tx *db.Tx) error {
	line := fill(p, &db.ServiceSubscription{Key: db.Key{CustomerID: p.customer, ID: tx.NextID()}, Source: db.DXP, BusinessID: new("PR"), PhoneNumber: new(fmt.Sprint(p.number()))})
	line.SubscriptionName, line.SourceCustomerID, line.CustomerSource = nil, nil, nil // dxp names no customers
	if id, known := p.known[db.Elevate]; known {
		line.SourceCustomerID, line.CustomerSource = &id, new(db.Elevate) // an assignment does
	}
	number, _ := db.ReadMSISDN(db.DXP, *line.PhoneNumber, "PR")
	names := []*db.SubscriptionIdentifier{
		{Kind: db.SourceOwnID, SourceName: db.DXP, Value: line.SourceID}, {Kind: db.MSISDN, SourceName: number.Source(), Value: number.Value()},
	}
	if len(p.lines) == 0 {
		names = append(names, &db.SubscriptionIdentifier{Kind: db.MSISDN, Value: disputedNumber, Disputed: p.customer != 0},
			&db.SubscriptionIdentifier{Kind: db.MSISDN, Value: movedNumber, Position: int32(p.year)})
	}
	p.lines = append(p.lines, line.Key)
	for i, n := range names {
		n.CustomerID, n.SubscriptionID = line.CustomerID, line.ID
		if i > 0 && p.customer != 0 {
			n.ValidFrom, n.FirstEnd, n.LastStart, n.ValidTo = p.at(), p.at(), p.at(), p.at()
			if n.Value == movedNumber { // the other numbers do not close its window
				n.ValidTo = new(db.TimeOf(p.at().AddDate(0, 0, 1)))
			}
		}
	}
	if err := tx.AddSubscriptions(ctx, []*db.ServiceSubscription{line}); err != nil {
		return err
	}
	if err := tx.AddIdentifiers(ctx, names); err != nil {
		return err
	}
	return p.addRecords(ctx, tx, line)
}

func (p *person) addRecords(ctx context.Context, tx *db.Tx, line *db.ServiceSubscription) error {
	key := db.Key{CustomerID: line.CustomerID}
	price := func() *db.RatedUsage { return fill(p, &db.RatedUsage{UTCOffsetMinutes: new(int32)}) }
	for _, source := range []db.Source{db.Elevate, db.BRM} {
		u := &db.UsageRecord{Key: key, SubscriptionID: &line.ID, Source: source, SourceID: fmt.Sprint(p.number()), SourceCustomerID: p.knownTo(source),
			UsageType: db.Voice, Status: new(db.Rated), Direction: new(db.Inbound), Rated: []*db.RatedUsage{price(), price()}}
		fill(p, u).UTCOffsetMinutes = 0
		if _, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{u}, nil, nil)); err != nil {
			return err
		}
	}
	summary := fill(p, &db.UsageSummary{Key: key, SubscriptionID: &line.ID, Source: db.STN, SourceCustomerID: p.knownTo(db.STN), PhoneNumber: new(fmt.Sprint(p.number())), SimCardNumber: line.SimCardNumber})
	summary.Lines = []*db.UsageSummaryLine{fill(p, &db.UsageSummaryLine{VolumeUnit: new(db.Second)})}
	bucket := func(source db.Source, id string) *db.Bucket {
		return fill(p, &db.Bucket{Source: source, SourceID: id, SubscriptionID: &line.ID, UsageType: db.Voice, Unit: new(db.Minute), ReportID: new(int64), SummaryID: new(int64)})
	}
	summary.Buckets = []*db.Bucket{bucket(db.STN, "HomeVoice")}
	summary.Buckets[0].ReportID = nil
	if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, []*db.UsageSummary{summary}, nil)); err != nil {
		return err
	}
	// A report by the number, others by numbers that Berta has, too, and one by the own id.
	for _, number := range []string{*line.PhoneNumber, "+" + disputedNumber, "+" + movedNumber, ""} {
		name, _ := db.ReadMSISDN(db.DXP, number, "PR")
		report := fill(p, &db.ConsumptionReport{Key: key, SubscriptionID: &line.ID, Source: db.DXP, SubscriptionName: new(string(name)), SourceSubscriptionID: &line.SourceID, BusinessID: new("PR")})
		if number == "" {
			report.SubscriptionName = nil
		}
		report.Buckets = []*db.Bucket{bucket(db.DXP, p.text("bucket"))}
		report.Buckets[0].SummaryID = nil
		report.Buckets[0].Balances = []*db.BucketBalance{fill(p, &db.BucketBalance{Unit: new(db.Minute)})}
		report.Buckets[0].Counters = []*db.BucketCounter{fill(p, &db.BucketCounter{Unit: new(db.Minute)})}
		if _, err := tx.Upsert(ctx, db.PrepareRecords(nil, nil, []*db.ConsumptionReport{report})); err != nil {
			return err
		}
	}
	return nil
}
