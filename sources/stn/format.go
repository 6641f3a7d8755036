package stn

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// format is how an answer is written.
type format string

// The formats, as the parameter format and the end of the path name them.
const (
	formatJSON format = "json"
	formatCSV  format = "csv"
)

// formatOf returns the format that a request's path ends in, else the one that its Accept headers name first of those
// that they want most; JSON where they name neither.
func formatOf(r *http.Request) format {
	switch {
	case strings.HasSuffix(r.URL.Path, "."+string(formatCSV)):
		return formatCSV
	case strings.HasSuffix(r.URL.Path, "."+string(formatJSON)):
		return formatJSON
	}
	chosen, best := formatJSON, 0.0
	for _, one := range strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",") {
		media, parameters, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, given := parameters["q"]; given {
			if quality, err = strconv.ParseFloat(q, 64); err != nil {
				continue
			}
		}
		if f := formats[media]; f != "" && quality > best {
			chosen, best = f, quality
		}
	}
	return chosen
}

// formats are the formats by the media ranges that name them.
var formats = map[string]format{
	"text/csv": formatCSV, "text/*": formatCSV, "application/json": formatJSON, "application/*": formatJSON, "*/*": formatJSON,
}
