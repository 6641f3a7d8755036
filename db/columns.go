package db

import (
	"context"
	"reflect"
	"slices"
	"strings"
)

type columnsKey struct{}

// Reading returns a context in which readers leave those columns out that are not named: columns are by the name of the
// struct that holds them, "*" is all of them, record an Origin. Keys and what a list is ordered by are always read.
// Whether there is more than a page is known only where a column of Connection is named. Without it they read every
// column.
func Reading(ctx context.Context, columns map[string]map[string]bool) context.Context {
	return context.WithValue(ctx, columnsKey{}, columns)
}

// everyColumn is what is looked at where nobody says.
var everyColumn = map[string]bool{"*": true}

// looked returns which columns of a struct are to be read, by its name.
func looked(ctx context.Context, row string) map[string]bool {
	columns, narrow := ctx.Value(columnsKey{}).(map[string]map[string]bool)
	if !narrow {
		return everyColumn
	}
	return columns[row]
}

// looksFurther tells whether somebody wants to know if there is more than a page.
func looksFurther(ctx context.Context) bool {
	looked := looked(ctx, "Connection")
	return looked["*"] || looked["has_next_page"] || looked["has_previous_page"]
}

// reading returns which of a struct's columns are to be read; those of always are.
func reading(ctx context.Context, row reflect.Type, columns []string, always ...string) []string {
	looked := looked(ctx, row.Name())
	if looked["*"] {
		return columns
	}
	return slices.DeleteFunc(slices.Clone(columns), func(column string) bool {
		return !looked[column] && !slices.Contains(always, column)
	})
}

// read returns the columns of a table's rows that are to be read, with those of an order.
func (t *table[T, K]) read(ctx context.Context, order ...sortKey) []string {
	always := []string{"customer_id", t.id}
	for _, link := range t.parents {
		always = append(always, link)
	}
	for _, k := range order {
		always = append(always, k.name)
	}
	return reading(ctx, reflect.TypeFor[T](), t.columns, always...)
}

// columnList writes columns of a table by its alias.
func columnList(t string, columns []string) string {
	return t + "." + strings.Join(columns, ", "+t+".")
}
