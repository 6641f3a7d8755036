package graphqlhttp

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

var (
	// stringTokens matches the comments, block strings and strings of a document; only strings have escapes.
	stringTokens = regexp.MustCompile(`#[^\r\n]*|"""(?s:(?:\\"""|.)*?)"""|"(?:\\.|[^"\\\r\n])*"`)
	// stringEscapes matches the escapes of a string: a surrogate pair, one surrogate, or any other escape.
	stringEscapes = regexp.MustCompile(`\\(?:u[dD][89abAB][[:xdigit:]]{2}\\u[dD][c-fC-F][[:xdigit:]]{2}|u[dD][89a-fA-F][[:xdigit:]]{2}|.)`)
	loneSurrogate = regexp.MustCompile(`^\\u[dD][89a-fA-F][[:xdigit:]]{2}$`)
)

// findLloneSurrogate returns a syntax error for an escape that is half of a surrogate pair. The parser accepts such an
// escape, but reads another text for it. The document must be one that the parser accepts.
func findLoneSurrogate(document string) *gqlerror.Error {
	for _, token := range stringTokens.FindAllStringIndex(document, -1) {
		text := document[token[0]:token[1]]
		if !strings.Contains(text, `\u`) || text[0] == '#' || strings.HasPrefix(text, `"""`) {
			continue
		}
		for _, escape := range stringEscapes.FindAllStringIndex(text, -1) {
			if match := text[escape[0]:escape[1]]; loneSurrogate.MatchString(match) {
				before := document[:token[0]+escape[0]]
				err := gqlerror.ErrorLocf("", strings.Count(before, "\n")+1, utf8.RuneCountInString(before[strings.LastIndex(before, "\n")+1:])+1,
					`Invalid character escape sequence: %s is half of a surrogate pair.`, match)
				errcode.Set(err, errcode.ParseFailed)
				return err
			}
		}
	}
	return nil
}
