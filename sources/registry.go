// Package sources lists the legacy systems. The package of each system has its document format and its old endpoint.
package sources

import (
	"usagegraph/sources/brm"
	"usagegraph/sources/dxp"
	"usagegraph/sources/elevate"
	"usagegraph/sources/legacy"
	"usagegraph/sources/stn"
)

// Systems returns the legacy systems in the order in which samples and demo documents are imported. The result of an
// import does not depend on the order; this one moves the fewest records. sTN is first because it has an own id for
// most subscriptions, to which brm and elevate add records by phone number. dxp is last because its reports belong to
// the holders of their phone numbers, which the other systems define.
func Systems() []legacy.System {
	return []legacy.System{
		stn.System(),
		brm.System(),
		elevate.System(),
		dxp.System(),
	}
}
