package graphqlhttp

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// Limits holds the limits of one request. The tags have the defaults, which DefaultLimits returns.
type Limits struct {
	MaxBody          int `env:"MAX_BODY" default:"1048576" help:"Maximum size of a request body, in bytes."`
	MaxNesting       int `env:"MAX_NESTING" default:"32" help:"Maximum nesting of lists and objects in variables and arguments, and of fragments in fragments."`
	MaxTokens        int `env:"MAX_TOKENS" default:"1000" help:"Maximum number of tokens of a GraphQL document."`
	MaxFields        int `env:"MAX_FIELDS" default:"500" help:"Maximum number of fields that an operation selects, its fragments expanded."`
	MaxDepth         int `env:"MAX_DEPTH" default:"12" help:"Maximum nesting of an operation's fields."`
	MaxAliases       int `env:"MAX_ALIASES" default:"30" help:"Maximum number of aliases of an operation, its fragments expanded."`
	MaxRootFields    int `env:"MAX_ROOT_FIELDS" default:"20" help:"Maximum number of fields that an operation selects of Query."`
	MaxDirectives    int `env:"MAX_DIRECTIVES" default:"50" help:"Maximum number of directives of an operation, its fragments expanded."`
	MaxList          int `env:"MAX_LIST" default:"250" help:"Maximum length of a list in variables and arguments; a variable that is a list of IDs may be as long as a page."`
	MaxPage          int `env:"MAX_PAGE" default:"1000" help:"Maximum page size of a connection: at most 1000."`
	MaxComplexity    int `env:"MAX_COMPLEXITY" default:"20000" help:"Maximum complexity of an operation: the number of objects that it may return, by its page sizes, and the prices of its filters."`
	MaxTotalsRecords int `env:"MAX_TOTALS_RECORDS" default:"2000000" help:"Maximum number of usage records that the totals of one field add up."`
	MaxGroups        int `env:"MAX_GROUPS" default:"10000" help:"Maximum number of groups of the totals of one field."`
	MaxErrors        int `env:"MAX_ERRORS" default:"20" help:"Maximum number of errors in a response."`
}

// DefaultLimits returns the limits of the default tags.
func DefaultLimits() Limits {
	var l Limits
	for field, value := range reflect.ValueOf(&l).Elem().Fields() {
		n, _ := strconv.ParseInt(field.Tag.Get("default"), 10, 64)
		value.SetInt(n)
	}
	return l
}

// Check returns an error that names the environment variable of a limit below 1, or of a page size that db does not
// support.
func (l Limits) Check() error {
	for field, value := range reflect.ValueOf(l).Fields() {
		if value.Int() < 1 {
			return fmt.Errorf("%s: want 1 or more", field.Tag.Get("env"))
		}
	}
	if l.MaxPage > db.MaxPage {
		return fmt.Errorf("MAX_PAGE: want at most %d", db.MaxPage)
	}
	return nil
}

// checkLists returns an error for a list in the variables that is longer than MaxList. A variable of a list of IDs is
// not checked: readJSON limits it to the size of a page, so that the nodes of a page can be loaded again by their ids.
func (l Limits) checkLists(operation *ast.OperationDefinition, variables map[string]any) error {
	for _, v := range operation.VariableDefinitions {
		ids := v.Type.Elem != nil && v.Type.Elem.NamedType == "ID"
		if value := variables[v.Variable]; !ids && l.hasLongList(value) {
			return listExceeded(l.MaxList)
		}
	}
	return nil
}

// hasLongList reports whether a value is, or contains, a list of more than MaxList elements.
func (l Limits) hasLongList(value any) bool {
	switch v := value.(type) {
	case []any:
		return len(v) > l.MaxList || slices.ContainsFunc(v, l.hasLongList)
	case map[string]any:
		for _, member := range v {
			if l.hasLongList(member) {
				return true
			}
		}
	}
	return false
}

// maxIDs returns the maximum length of a list of IDs.
func (l Limits) maxIDs() int { return max(l.MaxList, l.MaxPage) }

// nestingExceeded returns the error of a value that nests deeper than MaxNesting.
func (l Limits) nestingExceeded() error {
	return limitExceeded("nesting", "lists and objects nest at most %d deep", l.MaxNesting)
}

// listExceeded returns the error of a list or object with more than most elements.
func listExceeded(most int) error {
	return limitExceeded("list", "a list or object has at most %d elements", most)
}
