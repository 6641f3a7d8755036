package graphqlhttp

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"

	"usagegraph/db"
)

// Limits are what one request may ask for. DefaultLimits has what the tags say.
type Limits struct {
	MaxBody       int `env:"MAX_BODY" default:"1048576" help:"The most bytes that a request's body may have."`
	MaxNesting    int `env:"MAX_NESTING" default:"32" help:"How deep lists and objects may nest in variables and arguments, and fragments in each other."`
	MaxTokens     int `env:"MAX_TOKENS" default:"1000" help:"The most tokens that a GraphQL document may have."`
	MaxFields     int `env:"MAX_FIELDS" default:"500" help:"The most fields that an operation may select, its fragments expanded."`
	MaxDepth      int `env:"MAX_DEPTH" default:"12" help:"How deep an operation's fields may nest."`
	MaxAliases    int `env:"MAX_ALIASES" default:"30" help:"The most aliases that an operation may have, its fragments expanded."`
	MaxRootFields int `env:"MAX_ROOT_FIELDS" default:"20" help:"The most fields that an operation may select of Query itself."`
	MaxDirectives int `env:"MAX_DIRECTIVES" default:"50" help:"The most directives that an operation may have, its fragments expanded."`
	MaxList       int `env:"MAX_LIST" default:"250" help:"The most elements that a list may have in variables and arguments; a variable that is a list of ids may have as many as a page."`
	MaxPage       int `env:"MAX_PAGE" default:"1000" help:"The most elements that one page of a connection may have: 1000 at most."`
	MaxCost       int `env:"MAX_COST" default:"20000" help:"The most objects that an operation may ask for, its lists multiplied."`
	MaxErrors     int `env:"MAX_ERRORS" default:"20" help:"The most errors that one answer has."`
}

// DefaultLimits are the limits where nothing else is said.
func DefaultLimits() Limits {
	var l Limits
	for field, value := range reflect.ValueOf(&l).Elem().Fields() {
		n, _ := strconv.ParseInt(field.Tag.Get("default"), 10, 64)
		value.SetInt(n)
	}
	return l
}

// check returns an error that names a limit under which nothing could be answered, or that db does not go along with.
func (l Limits) check() error {
	for field, value := range reflect.ValueOf(l).Fields() {
		if value.Int() < 1 {
			return fmt.Errorf("%s: want 1 or more", field.Tag.Get("env"))
		}
	}
	if l.MaxPage > db.MaxPage {
		return fmt.Errorf("MAX_PAGE: want %d at most", db.MaxPage)
	}
	return nil
}

// lists returns an error for a list of the variables that is longer than it may be. The ids of nodes may be as many as a
// page has, so that a page can be read again.
func (l Limits) lists(operation *ast.OperationDefinition, variables map[string]any) error {
	for _, v := range operation.VariableDefinitions {
		ids := v.Type.Elem != nil && v.Type.Elem.NamedType == "ID"
		if given := variables[v.Variable]; !ids && l.long(given) {
			return l.tooMany(l.MaxList)
		}
	}
	return nil
}

// long reports whether a value is, or holds, a list of more elements than most lists may have.
func (l Limits) long(value any) bool {
	switch v := value.(type) {
	case []any:
		return len(v) > l.MaxList || slices.ContainsFunc(v, l.long)
	case map[string]any:
		for _, member := range v {
			if l.long(member) {
				return true
			}
		}
	}
	return false
}

// maxIDs is how many ids a list may have.
func (l Limits) maxIDs() int { return max(l.MaxList, l.MaxPage) }
