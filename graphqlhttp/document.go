package graphqlhttp

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"usagegraph/db"
	"usagegraph/queryplan"
)

const (
	// documentCacheSize is the size of the cache of parsed documents, in bytes.
	documentCacheSize = 32 << 20
	// maxDocument is the maximum length of a document, in bytes. MaxTokens does not limit it: one token can be a block
	// string of a million lines.
	maxDocument = 64 << 10
)

// documents parses and validates documents, and caches the valid ones.
type documents struct {
	schema   *ast.Schema
	settings Settings
	rules    *rules.Rules
	cache    *queryplan.Cache[string, *ast.QueryDocument]
}

func newDocuments(schema *ast.Schema, settings Settings) *documents {
	return &documents{schema, settings, validationRules(settings.Introspects()), queryplan.NewDocuments(documentCacheSize)}
}

// validationRules returns the rules of the GraphQL specification. The messages of some rules suggest names of the
// schema; without suggest these rules are replaced.
func validationRules(suggest bool) *rules.Rules {
	all := rules.NewDefaultRules()
	if suggest {
		all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, literalRule(rules.ValuesOfCorrectTypeRule.RuleFunc))
		return all
	}
	for name, replacement := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
	} {
		all.ReplaceRule(name, replacement.RuleFunc)
	}
	all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, literalRule(rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc))
	return all
}

// parse parses and validates a document. It returns an invalid document together with its errors if it could be parsed,
// and nil with the errors otherwise.
func (d *documents) parse(ctx context.Context, text string) (*ast.QueryDocument, gqlerror.List) {
	if doc, cached := d.cache.Get(ctx, text); cached {
		return doc, nil
	}
	if len(text) > maxDocument {
		return nil, gqlerror.List{limitExceeded("document", "a document has at most %d bytes: pass long values as variables", maxDocument)}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.settings.MaxTokens)
	if err != nil {
		return nil, gqlerror.List{d.parseError(err)}
	}
	if err := findLoneSurrogate(text); err != nil {
		return nil, gqlerror.List{err}
	}
	if err := checkSelections(doc, d.settings); err != nil {
		return doc, gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
	}
	if errs := validator.ValidateWithRules(d.schema, doc, d.rules); len(errs) > 0 {
		for _, err := range errs {
			errcode.Set(err, errcode.ValidationFailed)
		}
		return doc, errs
	}
	if len(doc.Operations) > 1 {
		d.removeVariableDefinitions(doc)
	}
	d.cache.Add(ctx, text, doc)
	return doc, nil
}

// removeVariableDefinitions removes the definitions that the validator attaches to variables in a document of several
// operations. A variable in a fragment has the definition of the operation that was validated last, and would take its
// default in the other operations, too. The executor does not need the definitions: it adds the defaults of the
// operation to its variables.
func (d *documents) removeVariableDefinitions(doc *ast.QueryDocument) {
	var events core.Events
	events.OnValue(func(_ *core.Walker, v *ast.Value) { v.VariableDefinition = nil })
	core.Walk(d.schema, doc, &events)
}

// parseError adds a code to an error of the parser. The error of the token limit is the only one without a location.
func (d *documents) parseError(err error) *gqlerror.Error {
	var parse *gqlerror.Error
	if !errors.As(err, &parse) {
		return gqlerror.WrapIfUnwrapped(err)
	}
	if len(parse.Locations) == 0 {
		return limitExceeded("tokens", "a document has at most %d tokens", d.settings.MaxTokens)
	}
	errcode.Set(parse, errcode.ParseFailed)
	return parse
}

// selectOperation returns the operation with the name, or the only operation if the name is empty. It returns a
// BadInput error if there is no such operation.
func selectOperation(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	operation := doc.Operations.ForName(name)
	switch {
	case operation != nil && (name != "" || len(doc.Operations) == 1):
		return operation, nil
	case len(doc.Operations) == 0:
		return nil, db.Errorf(db.BadInput, "the document has no operation")
	case name == "":
		return nil, db.Errorf(db.BadInput, "the document has several operations: select one by operationName")
	}
	return nil, db.Errorf(db.BadInput, "the document has no operation with the name in operationName")
}

type documentKey struct{}

// withDocument returns a context with the document for the executor.
func withDocument(ctx context.Context, doc *ast.QueryDocument) context.Context {
	return context.WithValue(ctx, documentKey{}, doc)
}

// parsedDocument is the executor's query cache. It returns the document of the context, so that the executor does not
// parse it again.
type parsedDocument struct{}

func (parsedDocument) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (parsedDocument) Add(context.Context, string, *ast.QueryDocument) {}
