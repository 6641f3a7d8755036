package rest

// Unknown is the treatment of query parameters that an endpoint does not define. The zero value is Documented.
type Unknown string

const (
	// Documented follows the endpoint's own system.
	Documented Unknown = "documented"
	// Ignored ignores them, misspelt filters included.
	Ignored Unknown = "ignored"
	// Refused rejects them with 400.
	Refused Unknown = "refused"
)

// Refuse reports whether unknown parameters are rejected. Its argument reports whether the endpoint's own system does
// so.
func (u Unknown) Refuse(documented bool) bool {
	switch u {
	case Ignored:
		return false
	case Refused:
		return true
	}
	return documented
}

// maxShown is the maximum length of a parameter name that an error repeats, in bytes.
const maxShown = 64

// ShownName returns the name of a client's parameter for an error message; empty where it is too long.
func ShownName(name string) string {
	if len(name) > maxShown {
		return ""
	}
	return name
}

// UnknownParameter returns the Problem of a parameter that an endpoint does not define (400).
func UnknownParameter(name string) *Problem { return Bad(ShownName(name), "unknown parameter") }
