package db

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"usagegraph/db/conn"
)

// applicationID is the application id in the header of an SQLite file of this program: "usag" in ASCII.
const applicationID = 0x75736167

// openSQLite opens an SQLite file. It returns an error for the file of another program, which it does not change.
func openSQLite(ctx context.Context, url string, o conn.Options) (*conn.Pools, error) {
	registerSQLite()
	path, err := conn.SQLitePath(url)
	if err != nil {
		return nil, err
	}
	id, tables, err := conn.SQLiteOwner(ctx, path)
	if err != nil {
		return nil, err
	}
	if id != applicationID && (id != 0 || !isOwn(tables)) {
		return nil, Errorf(Conflict, "open SQLite database %s: it belongs to another program: name another file", path)
	}
	return conn.OpenSQLite(path, o)
}

// isOwn reports whether the tables of a file without an application id are those of this program, whose older versions
// set none, or whether there are none. Litestream's own tables begin with an underscore.
func isOwn(tables []string) bool {
	others := slices.DeleteFunc(slices.Clone(tables), func(name string) bool {
		return strings.HasPrefix(name, "_") || strings.HasPrefix(name, "sqlite_")
	})
	return len(others) == 0 || slices.Contains(others, "schema_version") && slices.Contains(others, "usage_records")
}

// markSQLite is a statement that sets the application id.
var markSQLite = fmt.Sprintf("PRAGMA application_id = %d", applicationID)
