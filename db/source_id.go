package db

import "strings"

// SourceID is the id of a record in its source.
type SourceID struct {
	Source Source
	Value  string
}

// String returns the form of the command line: elevate:17.
func (id SourceID) String() string { return strings.ToLower(string(id.Source)) + ":" + id.Value }

// ParseCustomerID parses a customer's id in the form system:id, such as elevate:17. It returns a BadInput error that
// does not contain the text.
func ParseCustomerID(text string) (SourceID, error) {
	system, value, ok := strings.Cut(strings.TrimSpace(text), ":")
	id := SourceID{Source(strings.ToUpper(system)), value}
	switch {
	case !ok || value == "":
		return SourceID{}, Errorf(BadInput, "want system:id, such as elevate:17")
	case id.Source == DXP:
		return SourceID{}, Errorf(BadInput, "dxp's documents name no customers")
	case id.Source != Elevate && id.Source != BRM && id.Source != STN:
		return SourceID{}, Errorf(BadInput, "unknown system: want elevate, brm or stn")
	}
	return id, checkText(value)
}
