package db

import "strings"

// SourceID is a record's id in the system that it came from.
type SourceID struct {
	Source Source
	Value  string
}

// String writes it as people do on the command line: elevate:17.
func (id SourceID) String() string { return strings.ToLower(string(id.Source)) + ":" + id.Value }

// ParseCustomerID reads how a system names a customer, as system:id (elevate:17). It returns a BadInput error that does
// not repeat the text.
func ParseCustomerID(text string) (SourceID, error) {
	system, value, ok := strings.Cut(strings.TrimSpace(text), ":")
	id := SourceID{Source(strings.ToUpper(system)), value}
	switch {
	case !ok || value == "":
		return SourceID{}, Errorf(BadInput, "want system:id, such as elevate:17")
	case id.Source == DXP:
		return SourceID{}, Errorf(BadInput, "dxp's documents name no customers")
	case id.Source != Elevate && id.Source != BRM && id.Source != STN:
		return SourceID{}, Errorf(BadInput, "the systems are elevate, brm and stn")
	}
	return id, checkText(value)
}
