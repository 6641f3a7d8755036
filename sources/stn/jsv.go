package stn

import (
	"errors"
	"strings"
)

// parseList parses a list in ServiceStack's JSV: members separated by commas, optionally in brackets. A member in
// double quotes may contain commas and brackets, and double quotes doubled. Spaces around members and empty members
// without quotes are ignored. A list without members is an error, because its filter would be ignored.
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
			return nil, errors.New(`want a list such as a,b or [a,"b,c"]: a value that begins with a bracket needs double quotes`)
		default:
			member, text, _ = strings.Cut(text, ",")
			if member = strings.TrimSpace(member); member != "" {
				members = append(members, member)
			}
		}
	}
	if members == nil {
		return nil, errors.New(`want a list such as a,b or [a,"b,c"]: the list is empty`)
	}
	return members, nil
}

// cutQuoted returns the member in double quotes at the beginning of a list, and the rest after its comma.
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

// printList formats a list so that parseList returns the same members.
func printList(members []string) string {
	quoted := make([]string, len(members))
	for i, m := range members {
		quoted[i] = `"` + strings.ReplaceAll(m, `"`, `""`) + `"`
	}
	return strings.Join(quoted, ",")
}
