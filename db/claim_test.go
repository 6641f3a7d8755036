package db_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// loaded returns a usage record of customer 1 with a loaded date, or without one if day is empty.
func loaded(id, description, day string) *db.UsageRecord {
	u := of(1, id, description)
	if day != "" {
		u.LoadedDate = new(db.Date(day))
	}
	return u
}

// updated returns a usage record of customer 1 with the time of its last update.
func updated(id, description string, at int) *db.UsageRecord {
	u := of(1, id, description)
	u.LastUpdate = new(day(at))
	return u
}

// writeChanges compares usage records with the stored ones, writes the changes, and returns the outcome and the written
// records.
func writeChanges(t *testing.T, store *db.Store, records ...*db.UsageRecord) (out db.Outcome, written []string) {
	t.Helper()
	write(t, store, func(ctx context.Context, tx *db.Tx) error {
		changes, err := tx.Compare(ctx, db.PrepareRecords(records, nil, nil))
		if err != nil {
			return err
		}
		out = changes.Outcome
		for _, u := range records {
			switch old, is := changes.Written(u); {
			case is && old == nil:
				written = append(written, *u.Description+" is new")
			case is:
				written = append(written, *u.Description)
				if u.ID != old.ID {
					t.Errorf("%s has id %d, want the stored id %d", u.SourceID, u.ID, old.ID)
				}
			case old != nil:
				t.Errorf("%s is not written, but has a stored version", u.SourceID)
			}
		}
		if err := changes.Remove(ctx); err != nil {
			return err
		}
		return changes.Insert(ctx, func(any) bool { return true })
	})
	return out, written
}

func TestTheLastVersionIsStoredUnlessItIsOlder(t *testing.T) {
	t.Parallel()
	type versions = []*db.UsageRecord
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		for _, step := range []struct {
			name    string
			records versions
			out     db.Outcome
			written []string
			stored  []string
		}{
			{"a new one", versions{loaded("a", "1", "2025-01-02")}, db.Outcome{New: 1}, []string{"1 is new"}, []string{"1 a 1"}},
			{"the same again", versions{loaded("a", "1", "2025-01-02")}, db.Outcome{Unchanged: 1}, nil, []string{"1 a 1"}},
			{"an older one", versions{loaded("a", "0", "2025-01-01")}, db.Outcome{Older: 1}, nil, []string{"1 a 1"}},
			{"an older one with the same content", versions{loaded("a", "1", "2024-12-31")}, db.Outcome{Older: 1}, nil, []string{"1 a 1"}},
			{"other content of the same day", versions{loaded("a", "2", "2025-01-02")}, db.Outcome{Changed: 1}, []string{"2"}, []string{"1 a 2"}},
			{"a later one", versions{loaded("a", "3", "2025-01-03")}, db.Outcome{Changed: 1}, []string{"3"}, []string{"1 a 3"}},
			{"one without a date", versions{loaded("a", "4", "")}, db.Outcome{Changed: 1}, []string{"4"}, []string{"1 a 4"}},
			{"one with a date after one without", versions{loaded("a", "5", "2025-01-01")}, db.Outcome{Changed: 1}, []string{"5"}, []string{"1 a 5"}},

			{"older, then later", versions{loaded("a", "6", "2024-12-31"), loaded("a", "7", "2025-01-02")}, db.Outcome{Older: 1, Changed: 1}, []string{"7"}, []string{"1 a 7"}},
			{"later, then older", versions{loaded("a", "8", "2025-01-04"), loaded("a", "9", "2025-01-03")}, db.Outcome{Changed: 1, Older: 1}, []string{"8"}, []string{"1 a 8"}},
			{"later and later", versions{loaded("a", "10", "2025-01-05"), loaded("a", "11", "2025-01-06")}, db.Outcome{Changed: 2}, []string{"11"}, []string{"1 a 11"}},
			{"a later one twice", versions{loaded("a", "12", "2025-01-07"), loaded("a", "12", "2025-01-07")}, db.Outcome{Changed: 1, Unchanged: 1}, []string{"12"}, []string{"1 a 12"}},
			{"changed and changed back", versions{loaded("a", "13", "2025-01-07"), loaded("a", "12", "2025-01-07")}, db.Outcome{Changed: 2}, []string{"12"}, []string{"1 a 12"}},
			{"the same, then a later one", versions{loaded("a", "12", "2025-01-07"), loaded("a", "14", "2025-01-08")}, db.Outcome{Unchanged: 1, Changed: 1}, []string{"14"}, []string{"1 a 14"}},

			{"new, then older", versions{loaded("b", "1", "2025-01-02"), loaded("b", "0", "2025-01-01")}, db.Outcome{New: 1, Older: 1}, []string{"1 is new"}, []string{"1 a 14", "1 b 1"}},
			{"new, then older, then later, with another record", versions{loaded("c", "2", "2025-01-02"), loaded("a", "15", "2025-01-09"), loaded("c", "1", "2025-01-01"), loaded("c", "3", "2025-01-03")},
				db.Outcome{New: 1, Older: 1, Changed: 2}, []string{"15", "3 is new"}, []string{"1 a 15", "1 b 1", "1 c 3"}},

			{"a new one by its last change", versions{updated("d", "2", 2)}, db.Outcome{New: 1}, []string{"2 is new"}, []string{"1 a 15", "1 b 1", "1 c 3", "1 d 2"}},
			{"an older one by its last change", versions{updated("d", "1", 1)}, db.Outcome{Older: 1}, nil, []string{"1 a 15", "1 b 1", "1 c 3", "1 d 2"}},
			{"a later one by its last change, then one between", versions{updated("d", "4", 4), updated("d", "3", 3)}, db.Outcome{Changed: 1, Older: 1}, []string{"4"}, []string{"1 a 15", "1 b 1", "1 c 3", "1 d 4"}},
		} {
			out, written := writeChanges(t, store, step.records...)
			if out != step.out {
				t.Errorf("%s: %+v, want %+v", step.name, out, step.out)
			}
			if diff := cmp.Diff(step.written, written); diff != "" {
				t.Errorf("%s, written: %s", step.name, diff)
			}
			if diff := cmp.Diff(step.stored, inStore(t, store)); diff != "" {
				t.Errorf("%s: %s", step.name, diff)
			}
		}
	})
}

// TestAnotherClaimChangesARecord compares records of equal content whose claims differ, because the rules for reading
// them have changed.
func TestAnotherClaimChangesARecord(t *testing.T) {
	t.Parallel()
	usage := func(change func(*db.UsageRecord)) *db.PreparedRecords {
		u := of(1, "u", "x")
		u.SubscriptionName = new("elevate:8201")
		change(u)
		return db.PrepareRecords([]*db.UsageRecord{u}, nil, nil)
	}
	summary := func(change func(*db.UsageSummary)) *db.PreparedRecords {
		s := month("s", 1, both("x", numberA, "y", cardA, true))
		change(s)
		return db.PrepareRecords(nil, []*db.UsageSummary{s}, nil)
	}
	report := func(change func(*db.ConsumptionReport)) *db.PreparedRecords {
		r := balance("r", 1, numberA, "x", "PR")
		change(r)
		return db.PrepareRecords(nil, nil, []*db.ConsumptionReport{r})
	}
	changed, same := db.Outcome{Changed: 1}, db.Outcome{Unchanged: 1}
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		upsert := func(p *db.PreparedRecords) (out db.Outcome) {
			write(t, store, func(ctx context.Context, tx *db.Tx) error {
				changes, err := tx.Compare(ctx, p)
				if err != nil {
					return err
				}
				if out = changes.Outcome; out.New+out.Changed == 0 {
					return nil
				}
				if err := changes.Remove(ctx); err != nil {
					return err
				}
				return changes.Insert(ctx, func(any) bool { return true })
			})
			return out
		}
		for _, tt := range []struct {
			name           string
			before, change *db.PreparedRecords
			want           db.Outcome
		}{
			{"an unchanged usage record", usage(func(*db.UsageRecord) {}), usage(func(*db.UsageRecord) {}), same},
			{"a usage record's number", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.SubscriptionName = new(numberA) }), changed},
			{"a removed number", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.SubscriptionName = nil }), changed},
			{"an own id", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.SourceSubscriptionID = new("s") }), changed},
			{"several customers", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.ContestedCustomers = new("1,2") }), changed},
			{"a customer", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.SourceCustomerID = new("1") }), changed},
			{"the attribution of a usage record", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.Attribution = new(db.Held) }), same},
			{"the owner", usage(func(*db.UsageRecord) {}), usage(func(u *db.UsageRecord) { u.Key.CustomerID, u.SubscriptionID = 2, new(int64(2)) }), same},
			{"an unchanged summary", summary(func(*db.UsageSummary) {}), summary(func(*db.UsageSummary) {}), same},
			{"a summary's number", summary(func(*db.UsageSummary) {}), summary(func(s *db.UsageSummary) { s.NumberName = new(numberB) }), changed},
			{"a summary's card", summary(func(*db.UsageSummary) {}), summary(func(s *db.UsageSummary) { s.CardName = new(cardB) }), changed},
			{"a removed own id of a summary", summary(func(*db.UsageSummary) {}), summary(func(s *db.UsageSummary) { s.OwnID = nil }), changed},
			{"the bounds of a summary's month", summary(func(*db.UsageSummary) {}), summary(func(s *db.UsageSummary) { s.MonthEnd = new(day(30)) }), changed},
			{"an unchanged report", report(func(*db.ConsumptionReport) {}), report(func(*db.ConsumptionReport) {}), same},
			{"a report's number", report(func(*db.ConsumptionReport) {}), report(func(r *db.ConsumptionReport) { r.SubscriptionName = new(numberB) }), changed},
			{"a report's market", report(func(*db.ConsumptionReport) {}), report(func(r *db.ConsumptionReport) { r.BusinessID = new("NL") }), changed},
			{"a report's own id", report(func(*db.ConsumptionReport) {}), report(func(r *db.ConsumptionReport) { r.SourceSubscriptionID = new("S") }), changed},
			{"the reason why a report is unattributed", report(func(*db.ConsumptionReport) {}), report(func(r *db.ConsumptionReport) { r.Unattributed = new(db.NeverHeld) }), same},
		} {
			upsert(tt.before)
			if got := upsert(tt.change); got != tt.want {
				t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
			}
		}
	})
}
