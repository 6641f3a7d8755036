package loaders_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"usagegraph/db"
	"usagegraph/loaders"
)

// Example reads a page of customers and the subscriptions of each. The subscriptions of all customers of the page are read
// by one statement.
func Example() {
	ctx, statements := db.CountStatements(context.Background())
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
	err = store.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Revise(ctx); err != nil {
			return err
		}
		var customers []*db.Customer
		for i := range int64(3) {
			customers = append(customers, &db.Customer{CustomerID: i + 1, Source: db.Elevate, SourceID: fmt.Sprint(i)})
		}
		return tx.AddCustomers(ctx, customers)
	})
	if err != nil {
		panic(err)
	}
	ctx = loaders.New(ctx, store.For(db.All()))
	first := new(int32(10))
	page, err := loaders.Page(ctx, nil, nil, first, nil, nil, nil, nil, nil, (*db.Reader).Customers)
	if err != nil {
		panic(err)
	}
	for _, customer := range page.Nodes {
		if _, err := loaders.Page(ctx, nil, customer, first, nil, nil, nil, nil, nil, (*db.Reader).Subscriptions); err != nil {
			panic(err)
		}
	}
	fmt.Println(len(page.Nodes), "customers,", statements(), "statements")
	// Output: 3 customers, 2 statements
}
