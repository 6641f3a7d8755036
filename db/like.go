package db

import "strings"

// maxPattern is the maximum length of a pattern in bytes; SQLite's limit is 50,000.
const maxPattern = 1000

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// EscapeLike returns a pattern of StringFilter.Like, or a part of one, that matches a text alone.
func EscapeLike(text string) string { return likeEscaper.Replace(text) }

// textCondition adds the conditions of a filter on a column of text.
func textCondition(c *compiler, col string, f *StringFilter) {
	if f == nil {
		return
	}
	compare(c, col, "text", &Compare[string]{f.Eq, f.Ne, f.In, f.Gt, f.Gte, f.Lt, f.Lte, f.IsNull})
	if f.Like != nil {
		c.checkText(*f.Like)
		if len(*f.Like) > maxPattern {
			c.fail(Errorf(BadInput, "like: pattern is longer than %d bytes", maxPattern))
		}
		if trailing := len(*f.Like) - len(strings.TrimRight(*f.Like, `\`)); trailing%2 == 1 {
			c.fail(Errorf(BadInput, `like: the pattern ends with a \ that has nothing to escape`))
		}
		c.add(col, c.dialect.like, c.bind(*f.Like), ` ESCAPE '\'`)
	}
}
