package graphqlhttp

import (
	"mime"
	"strconv"
	"strings"
)

const (
	mediaJSON     = "application/json"
	mediaResponse = "application/graphql-response+json"
)

// preference is the weight of a media type in an Accept header: the q-value of the most specific range that matches it,
// and the specificity of that range.
type preference struct {
	quality     float64
	specificity int
}

func (p preference) better(than preference) bool {
	return p.quality > than.quality || p.quality == than.quality && p.specificity > than.specificity
}

// negotiate returns the media type of the response for the Accept headers of a request (RFC 9110, section 12.5.1), and
// false if none is acceptable. If both types have the same weight, it returns application/graphql-response+json where
// the client names it, and application/json where only a wildcard matches, as GraphQL over HTTP recommends.
func negotiate(accept []string) (string, bool) {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	if strings.TrimSpace(strings.Join(ranges, "")) == "" {
		return mediaJSON, true
	}
	preferences := map[string]preference{}
	for _, one := range ranges {
		name, parameters, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, given := parameters["q"]; given {
			quality, err = strconv.ParseFloat(q, 64)
			if err != nil || !(quality >= 0 && quality <= 1) {
				continue
			}
		}
		for _, media := range []string{mediaJSON, mediaResponse} {
			if specificity := matchRange(name, media); specificity > preferences[media].specificity {
				preferences[media] = preference{quality, specificity}
			}
		}
	}
	chosen, media := preferences[mediaJSON], mediaJSON
	if p := preferences[mediaResponse]; p.better(chosen) || p == chosen && p.specificity == exactMatch {
		chosen, media = p, mediaResponse
	}
	return media, chosen.quality > 0
}

// exactMatch is the specificity of a media range without a wildcard.
const exactMatch = 3

// matchRange returns the specificity of a media range that matches a media type of application; 0 is no match.
func matchRange(mediaRange, media string) int {
	switch mediaRange {
	case media:
		return exactMatch
	case "application/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}
