package stn

import (
	"errors"
	"strings"
)

// parseList reads a list in ServiceStack's JSV: members with commas between them and, if so, brackets around them all. A
// member in double quotes may have commas and brackets in it, and double quotes as two. Spaces around a member do not
// count, and neither does a member without letters and quotes; a list of no values is an error, since its filter would vanish.
func parseList(text string) ([]string, error) {
	text = strings.TrimSpace(text)
	if inner, bracket := strings.CutPrefix(text, "["); bracket {
		if text, bracket = strings.CutSuffix(inner, "]"); !bracket {
			return nil, errors.New(`want a list such as a,b or [a,"b,c"]: a bracket is not closed`)
		}
	}
	var members []string
	for text != "" {
		text = strings.TrimSpace(text)
		var member string
		var err error
		switch {
		case strings.HasPrefix(text, `"`):
			member, text, err = cutQuoted(text)
			if err != nil {
				return nil, err
			}
			members = append(members, member)
		case strings.HasPrefix(text, "["):
			return nil, errors.New(`want a list such as a,b or [a,"b,c"]: a value that begins with a bracket stands in double quotes`)
		default:
			member, text, _ = strings.Cut(text, ",")
			if member = strings.TrimSpace(member); member != "" {
				members = append(members, member)
			}
		}
	}
	if members == nil {
		return nil, errors.New(`want a list such as a,b or [a,"b,c"]: it has no values`)
	}
	return members, nil
}

// cutQuoted cuts a member in double quotes, and the comma after it, from the beginning of a list.
func cutQuoted(text string) (member, rest string, err error) {
	rest = text[1:]
	for {
		part, after, closed := strings.Cut(rest, `"`)
		if !closed {
			return "", "", errors.New(`want a list such as a,b or [a,"b,c"]: a double quote is not closed`)
		}
		member += part
		if next, doubled := strings.CutPrefix(after, `"`); doubled {
			member, rest = member+`"`, next
			continue
		}
		after = strings.TrimSpace(after)
		rest, comma := strings.CutPrefix(after, ",")
		if after != "" && !comma {
			return "", "", errors.New(`want a list such as a,b or [a,"b,c"]: a comma must follow a value in double quotes`)
		}
		return member, rest, nil
	}
}

// printList writes a list that parseList reads as the same.
func printList(members []string) string {
	quoted := make([]string, len(members))
	for i, m := range members {
		quoted[i] = `"` + strings.ReplaceAll(m, `"`, `""`) + `"`
	}
	return strings.Join(quoted, ",")
}
