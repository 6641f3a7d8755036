package stn

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// format is the format of a response.
type format string

// The formats, by the value of the parameter format and the extension of the path.
const (
	formatJSON format = "json"
	formatCSV  format = "csv"
)

// formatOf returns the format of the extension of a request's path, otherwise the format with the highest quality in
// its Accept headers, the first of several. The default is JSON.
func formatOf(r *http.Request) format {
	switch {
	case strings.HasSuffix(r.URL.Path, "."+string(formatCSV)):
		return formatCSV
	case strings.HasSuffix(r.URL.Path, "."+string(formatJSON)):
		return formatJSON
	}
	chosen, best := formatJSON, 0.0
	for _, mediaRange := range strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",") {
		media, parameters, err := mime.ParseMediaType(mediaRange)
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

// formats holds the formats by media range.
var formats = map[string]format{
	"text/csv": formatCSV, "text/*": formatCSV, "application/json": formatJSON, "application/*": formatJSON, "*/*": formatJSON,
}
