package rest

// Unknown is what becomes of query parameters that an endpoint does not have. The zero value is Documented.
type Unknown string

// The ways to take unknown parameters.
const (
	// Documented is as the endpoint's own system does.
	Documented Unknown = "documented"
	// Ignored passes them over, a misspelt filter too.
	Ignored Unknown = "ignored"
	// Refused answers 400.
	Refused Unknown = "refused"
)

// Refuse tells whether an unknown parameter is a problem, where documented says so of the endpoint's own system.
func (u Unknown) Refuse(documented bool) bool {
	switch u {
	case Ignored:
		return false
	case Refused:
		return true
	}
	return documented
}

// maxShown is how long a name may be that an answer repeats, in bytes.
const maxShown = 64

// ShownName returns a client's name of a parameter; empty where it is too long to be repeated.
func ShownName(name string) string {
	if len(name) > maxShown {
		return ""
	}
	return name
}

// UnknownParameter is the problem of a parameter that an endpoint does not have.
func UnknownParameter(name string) *Problem { return Bad(ShownName(name), "no such parameter") }
