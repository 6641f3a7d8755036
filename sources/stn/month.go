package stn

import (
	"time"

	"usagegraph/db"
	"usagegraph/ingest"
)

// monthBounds returns the start and the end of a month in a time zone. It returns an error where either is beyond the
// storable years.
func monthBounds(month db.YearMonth, zone *time.Location) (start, end db.Time, err error) {
	first := month.Start()
	start = db.TimeOf(time.Date(first.Year(), first.Month(), 1, 0, 0, 0, 0, zone))
	end = db.TimeOf(time.Date(first.Year(), first.Month()+1, 1, 0, 0, 0, 0, zone))
	if start.Year() < 1 || end.Year() > 9999 {
		return start, end, ingest.Field("yearMonth", "want a month between the years 0001 and 9999")
	}
	return start, end, nil
}
