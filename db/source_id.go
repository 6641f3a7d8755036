package db

import (
	"slices"
	"strings"
)

// SourceID is the id of a record in its source.
type SourceID struct {
	Source Source
	Value  string
}

// String returns the form of the command line: elevate:17.
func (id SourceID) String() string { return id.Source.Lower() + ":" + id.Value }

// ParseCustomerID parses a customer's id in the form system:id, such as elevate:17. It returns a BadInput error that
// does not contain the text.
func ParseCustomerID(text string) (SourceID, error) {
	system, value, ok := strings.Cut(strings.TrimSpace(text), ":")
	id := SourceID{Source(strings.ToUpper(system)), value}
	switch {
	case !ok || value == "":
		return SourceID{}, Errorf(BadInput, "want system:id, such as elevate:17")
	case !slices.Contains(Sources(), id.Source):
		return SourceID{}, Errorf(BadInput, "unknown system: want %s", customerSources())
	case !id.Source.hasCustomers():
		return SourceID{}, Errorf(BadInput, "%s's documents name no customers", id.Source.Lower())
	}
	return id, checkText(value)
}

// customerSources lists the sources whose documents name customers: elevate, brm or stn.
func customerSources() string {
	var names []string
	for _, s := range Sources() {
		if s.hasCustomers() {
			names = append(names, s.Lower())
		}
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
