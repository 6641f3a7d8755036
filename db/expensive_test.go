package db_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

// expensive is a filter whose statements are expensive.
var expensive = &db.UsageRecordFilter{Destination: &db.StringFilter{Like: new("%1%")}}

// occupy admits as many expensive statements as may run at a time. It returns a function that ends one of them.
func occupy(t *testing.T, store *db.Store) (end func()) {
	t.Helper()
	var leave []func()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		l, err := store.Admit(ctx, db.PriceOf(expensive))
		cancel()
		if err != nil {
			break
		}
		leave = append(leave, l)
	}
	if n := len(leave); n != min(2*runtime.GOMAXPROCS(0), db.DefaultConnections/2) {
		t.Fatalf("%d expensive statements run at a time", n)
	}
	return func() {
		leave[0]()
		leave[0]()
		leave = leave[1:]
	}
}

func TestExpensiveStatementsWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, store *db.Store) {
		r := store.For(db.All())
		list := func(timeout time.Duration, f *db.UsageRecordFilter) error {
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			pages, err := r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: f, Page: db.Page{Limit: 1, CountOnly: true}})
			if err == nil {
				_, err = pages[0].TotalCount(ctx)
			}
			if err == nil {
				_, err = r.UsageRecords(ctx, db.AllColumns, db.NoParent, db.UsageRecordQuery{Filter: f, Page: db.Page{Limit: 1}})
			}
			return err
		}
		end := occupy(t, store)
		var known *db.Error
		if err := list(time.Millisecond, expensive); !errors.As(err, &known) || known.Code != db.Overloaded {
			t.Errorf("while others run: %v", err)
		}
		if err := list(time.Minute, nil); err != nil {
			t.Errorf("a cheap statement: %v", err)
		}
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := store.Admit(cancelled, db.PriceOf(expensive)); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled request: %v", err)
		}
		waiting := make(chan error)
		go func() { waiting <- list(time.Minute, expensive) }()
		end()
		if err := <-waiting; err != nil {
			t.Errorf("after another has ended: %v", err)
		}
		if err := list(time.Minute, expensive); err != nil {
			t.Errorf("after the last: %v", err)
		}
	})
}
