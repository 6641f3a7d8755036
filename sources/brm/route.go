package brm

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
)

// describePath is what stands where an id may, and asks for the JSON Schema.
const describePath = "describe"

// paths are the two routes: how each speaks, and what leads to it. The page's version is v and a number, or the word
// that the page has there.
var paths = [...]*regexp.Regexp{
	sampleSpelling: regexp.MustCompile(`^(/brm/usageManagement/(?:v[0-9]+|version)/usage)(?:/(.+))?$`),
	schemaSpelling: regexp.MustCompile(`^(/tmf-api/usageManagement/v4/usage)(?:/(.+))?$`),
}

// route is what the path of a request says.
type route struct {
	spelling spelling
	// collection is the URL of all usages.
	collection string
	// id is empty for the collection.
	id string
	// omitsNulls leaves members without a value out.
	omitsNulls bool
}

// routeOf returns the route of a request; false where the path leads nowhere.
func (s HandlerSettings) routeOf(r *http.Request) (route, bool) {
	for spoken, path := range paths {
		found := path.FindStringSubmatch(r.URL.EscapedPath())
		if found == nil {
			continue
		}
		id, err := url.PathUnescape(found[2])
		return route{
			spelling:   spelling(spoken),
			collection: s.base(r) + found[1],
			id:         id,
			// No type of TMF635's schema is nullable.
			omitsNulls: s.NullsOmitted || spelling(spoken) == schemaSpelling,
		}, err == nil
	}
	return route{}, false
}

// base is what the URLs of an answer begin with.
func (s HandlerSettings) base(r *http.Request) string {
	switch {
	case s.PublicURL != "":
		return strings.TrimRight(s.PublicURL, "/")
	case r.TLS != nil:
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// href is the URL of a record. What a path takes for a folder is escaped even where it stands alone.
func (r route) href(id string) string {
	if id == "." || id == ".." {
		return r.collection + "/" + strings.ReplaceAll(id, ".", "%2E")
	}
	return r.collection + "/" + url.PathEscape(id)
}
