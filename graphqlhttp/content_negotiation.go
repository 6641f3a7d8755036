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

// preference is how much a client wants a media type: by the q-value of the range that names it most closely, and then
// by how closely that is.
type preference struct {
	quality   float64
	closeness int
}

func (p preference) better(than preference) bool {
	return p.quality > than.quality || p.quality == than.quality && p.closeness > than.closeness
}

// negotiate chooses the media type of an answer by a request's Accept headers (RFC 9110, section 12.5.1). Of two that a
// client names alike it is the newer, application/graphql-response+json; of two that a wildcard covers it is
// application/json, as GraphQL over HTTP asks for until everyone knows the other. Not acceptable is false.
func negotiate(accept []string) (string, bool) {
	ranges := strings.Split(strings.Join(accept, ","), ",")
	if strings.TrimSpace(strings.Join(ranges, "")) == "" {
		return mediaJSON, true
	}
	wanted := map[string]preference{}
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
			if closeness := matches(name, media); closeness > wanted[media].closeness {
				wanted[media] = preference{quality, closeness}
			}
		}
	}
	plain, newer := wanted[mediaJSON], wanted[mediaResponse]
	chosen, media := plain, mediaJSON
	if newer.better(plain) || newer == plain && newer.closeness == exactly {
		chosen, media = newer, mediaResponse
	}
	return media, chosen.quality > 0
}

// exactly is the closeness of a media range that is a media type.
const exactly = 3

// matches says how closely a media range names a media type of application; 0 is not at all.
func matches(mediaRange, media string) int {
	switch mediaRange {
	case media:
		return exactly
	case "application/*":
		return 2
	case "*/*":
		return 1
	}
	return 0
}
