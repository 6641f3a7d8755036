// Package calendar computes windows of time: the local hours, days, weeks, months, quarters and years of a period in a
// time zone, with the instants at which they really begin and end.
package calendar

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// zones caches the loaded time zones by name. Only names that exist are stored.
var zones sync.Map

// maxZoneName is the maximum length of a name in an error; IANA names are shorter.
const maxZoneName = 60

// LoadZone returns the time zone with an IANA name, such as Europe/Amsterdam. It returns an error for other names.
func LoadZone(name string) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if len(name) > maxZoneName {
		name = name[:maxZoneName] + "..."
	}
	// Time zone databases on disk have files that are no IANA zones; those below right/ count leap seconds.
	if err != nil || name == "" || name == "Local" || name == "localtime" || name == "posixrules" || name == "Factory" ||
		strings.HasPrefix(name, "right/") || strings.HasPrefix(name, "posix/") {
		return nil, fmt.Errorf("%q is no IANA time zone", name)
	}
	zones.Store(name, zone)
	return zone, nil
}

// offsetAt returns the UTC offset of a zone at an instant, and the instant at which another one may begin; the zero time
// if there is none.
func offsetAt(t time.Time, zone *time.Location) (offset time.Duration, to time.Time) {
	local := t.In(zone)
	_, seconds := local.Zone()
	_, to = local.ZoneBounds()
	return time.Duration(seconds) * time.Second, to.UTC()
}
