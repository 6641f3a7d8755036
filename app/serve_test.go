package app

import (
	"reflect"
	"testing"

	"github.com/alecthomas/kong"

	"usagegraph/edge"
)

func TestFlagsDefaultToTheDefaultSettings(t *testing.T) {
	t.Parallel()
	var flags struct{ edge.Settings }
	if _, err := kong.Must(&flags).Parse(nil); err != nil {
		t.Fatal(err)
	}
	flags.ResolveIntrospection(true, false)
	if want := edge.DefaultSettings(); !reflect.DeepEqual(flags.Settings, want) {
		t.Errorf("flags: %+v\nDefaultSettings: %+v", flags.Settings, want)
	}
}
