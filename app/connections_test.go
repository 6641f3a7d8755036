package app

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"usagegraph/db"
	"usagegraph/db/dbtest"
)

func TestNumberOfConnectionsIsASetting(t *testing.T) {
	t.Parallel()
	flags := settings{dataFlags: newDataFlags()}
	if _, err := kong.Must(&flags).Parse(nil); err != nil || flags.Connections != db.DefaultConnections {
		t.Errorf("the default is %d, not %d: %v", flags.Connections, db.DefaultConnections, err)
	}
	for _, n := range []string{"0", "1", "1001", "-1"} {
		if printed, err := runCommand(t, "", "--database-connections="+n, "migrate"); err == nil || !strings.Contains(err.Error()+printed, "--database-connections: want 2 to 1000, not "+n) {
			t.Errorf("%s: %v %s", n, err, printed)
		}
	}
	dbtest.EachURL(t, func(t *testing.T, url string) {
		flags.Database, flags.Connections = url, 3
		store, err := flags.connect(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		pools := store.Pools()
		read, ok := pools["read"]
		if !ok {
			read = pools["write"]
		}
		if read.Max != 3 {
			t.Errorf("%+v", pools)
		}
	})
}

func TestImportNeedsTwoConnections(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		if printed, err := runCommand(t, "", "--database", url, "--database-connections=2", "demo", "--customers", "6", "--records", "60"); err != nil {
			t.Errorf("%v: %s", err, printed)
		}
	})
}
