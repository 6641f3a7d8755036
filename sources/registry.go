// Package sources lists the legacy systems. Each has a folder, which knows its documents and its old endpoint.
package sources

import (
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/legacy"
	"usagegraph/sources/stn"
)

// Systems returns the legacy systems. Documents of all systems give the same records with the same owners in any order of
// import; this one moves the fewest records. sTN is first: its own ids name most subscriptions, and a record of brm or
// elevate that names one by its phone number alone goes there at once. dxp is last: its reports then find all holders of
// phone numbers.
func Systems() []legacy.System {
	return []legacy.System{
		stn.System(),
		brm.System(),
		elevate.System(),
		dxp.System(),
	}
}
