package brm

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// describePath is the last segment of the path of the JSON Schema, in the place of an id.
const describePath = "describe"

// routePatterns holds the paths of the two routes by spelling. The version of the page's route is v and a number, or
// the word version, as on the page.
var routePatterns = [...]*regexp.Regexp{
	sampleSpelling: regexp.MustCompile(`^(/brm/usageManagement/(?:v[0-9]+|version)/usage)(?:/(.+))?$`),
	schemaSpelling: regexp.MustCompile(`^(/tmf-api/usageManagement/v4/usage)(?:/(.+))?$`),
}

// route is the parsed path of a request.
type route struct {
	spelling spelling
	// collection is the URL of the list of usages.
	collection string
	// id is empty for the collection.
	id string
	// omitsNulls leaves out members without a value.
	omitsNulls bool
}

// routeOf returns the route of a request; false for an unknown path.
func (s HandlerSettings) routeOf(r *http.Request) (route, bool) {
	for index, path := range routePatterns {
		found := path.FindStringSubmatch(r.URL.EscapedPath())
		if found == nil {
			continue
		}
		id, err := url.PathUnescape(found[2])
		return route{
			spelling:   spelling(index),
			collection: s.baseURL(r) + found[1],
			id:         id,
			// No type of TMF635's schema is nullable.
			omitsNulls: s.NullsOmitted || spelling(index) == schemaSpelling,
		}, err == nil
	}
	return route{}, false
}

// baseURL returns the prefix of the URLs in a response. The scheme of a request is https if a proxy has said so.
func (s HandlerSettings) baseURL(r *http.Request) string {
	switch {
	case s.PublicURL != "":
		return strings.TrimRight(s.PublicURL, "/")
	case r.URL.Scheme == "https":
		return "https://" + r.Host + s.BasePath
	}
	return "http://" + r.Host + s.BasePath
}

// href returns the URL of a record. An id . or .. is escaped, so that clients do not resolve it as a relative path.
func (r route) href(id string) string {
	if id == "." || id == ".." {
		return r.collection + "/" + strings.ReplaceAll(id, ".", "%2E")
	}
	return r.collection + "/" + url.PathEscape(id)
}
