package db_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"usagegraph/db"
)

// Example stores a usage record and reads two of its columns in the scope of a client that sees one customer.
func Example() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "usagegraph")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	store, err := db.Open(ctx, filepath.Join(folder, "example.db"), db.Options{})
	if err != nil {
		panic(err)
	}
	defer store.Close()
	if _, err := store.Migrate(ctx); err != nil {
		panic(err)
	}
	record := &db.UsageRecord{
		Key: db.Key{CustomerID: 17}, Source: db.Elevate, SourceID: "1", UsageType: db.Voice,
		EventTime: db.TimeOf(time.Date(2025, 1, 31, 22, 15, 0, 0, time.UTC)),
	}
	err = store.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		_, err := tx.Upsert(ctx, db.PrepareRecords([]*db.UsageRecord{record}, nil, nil))
		return err
	})
	if err != nil {
		panic(err)
	}
	columns := db.Project(db.ColumnsOf(func(u *db.UsageRecord) []any { return []any{&u.Source, &u.EventTime} }))
	for _, scope := range []db.Scope{db.Only(17), db.Only(18)} {
		pages, err := store.For(scope).UsageRecords(ctx, columns, db.NoParent, db.UsageRecordQuery{Page: db.Page{Limit: 10}})
		if err != nil {
			panic(err)
		}
		for _, u := range pages[0].Nodes {
			fmt.Printf("%s %s, usage type %q\n", u.Source, u.EventTime, u.UsageType)
		}
		fmt.Println(len(pages[0].Nodes))
	}
	// Output:
	// ELEVATE 2025-01-31 22:15:00 +0000 UTC, usage type ""
	// 1
	// 0
}
