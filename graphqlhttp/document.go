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
	"usagegraph/plan"
)

const (
	// keptDocuments is how many bytes the documents that are kept, parsed, may take.
	keptDocuments = 32 << 20
	// maxText is how long a document may be, in bytes: its tokens are counted, but one of them can be a string of a
	// million lines.
	maxText = 64 << 10
)

// documents reads documents: parses them, measures them, and holds them to the schema.
type documents struct {
	schema   *ast.Schema
	settings Settings
	rules    *rules.Rules
	good     *plan.Cache[string, *ast.QueryDocument]
}

func newDocuments(schema *ast.Schema, settings Settings) *documents {
	return &documents{schema, settings, validationRules(settings.Introspects()), plan.NewDocuments(keptDocuments)}
}

// validationRules are the rules of the specification. Those that suggest names give names away, to whoever may not ask
// for the schema.
func validationRules(suggest bool) *rules.Rules {
	all := rules.NewDefaultRules()
	if suggest {
		all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, literals(rules.ValuesOfCorrectTypeRule.RuleFunc))
		return all
	}
	for suggesting, silent := range map[string]validator.Rule{
		rules.FieldsOnCorrectTypeRule.Name: rules.FieldsOnCorrectTypeRuleWithoutSuggestions,
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ScalarLeafsRule.Name:         rules.ScalarLeafsRuleWithoutSuggestions,
	} {
		all.ReplaceRule(suggesting, silent.RuleFunc)
	}
	all.ReplaceRule(rules.ValuesOfCorrectTypeRule.Name, literals(rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc))
	return all
}

// read reads a document. Where it could be parsed it comes with the errors, so that its operations can be told.
func (d *documents) read(ctx context.Context, text string) (*ast.QueryDocument, gqlerror.List) {
	if doc, known := d.good.Get(ctx, text); known {
		return doc, nil
	}
	if len(text) > maxText {
		return nil, gqlerror.List{exceeded("document", "a document has at most %d bytes: put long values into variables", maxText)}
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.settings.MaxTokens)
	if err != nil {
		return nil, gqlerror.List{d.parseError(err)}
	}
	if err := loneSurrogate(text); err != nil {
		return nil, gqlerror.List{err}
	}
	if err := measure(doc, d.settings); err != nil {
		return doc, gqlerror.List{gqlerror.WrapIfUnwrapped(err)}
	}
	if errs := validator.ValidateWithRules(d.schema, doc, d.rules); len(errs) > 0 {
		for _, err := range errs {
			errcode.Set(err, errcode.ValidationFailed)
		}
		return doc, errs
	}
	if len(doc.Operations) > 1 {
		d.separate(doc)
	}
	d.good.Add(ctx, text, doc)
	return doc, nil
}

// separate takes the definitions off the variables in a document of several operations. In a fragment each variable has the
// definition of the operation that was validated last, whose default it would take in the others, too. The defaults of the
// operation that runs are among its variables.
func (d *documents) separate(doc *ast.QueryDocument) {
	var events core.Events
	events.OnValue(func(_ *core.Walker, v *ast.Value) { v.VariableDefinition = nil })
	core.Walk(d.schema, doc, &events)
}

// parseError gives the parser's errors their codes. That of the token limit is the only one without a place.
func (d *documents) parseError(err error) *gqlerror.Error {
	var parse *gqlerror.Error
	if !errors.As(err, &parse) {
		return gqlerror.WrapIfUnwrapped(err)
	}
	if len(parse.Locations) == 0 {
		return exceeded("tokens", "a document has at most %d tokens", d.settings.MaxTokens)
	}
	errcode.Set(parse, errcode.ParseFailed)
	return parse
}

// choose returns the operation of that name, or the only one where none is named. It returns a BadInput error where
// that is none.
func choose(doc *ast.QueryDocument, name string) (*ast.OperationDefinition, error) {
	operation := doc.Operations.ForName(name)
	switch {
	case operation != nil && (name != "" || len(doc.Operations) == 1):
		return operation, nil
	case len(doc.Operations) == 0:
		return nil, db.Errorf(db.BadInput, "the document has no operation")
	case name == "":
		return nil, db.Errorf(db.BadInput, "the document has several operations: say which one in operationName")
	}
	return nil, db.Errorf(db.BadInput, "the document has no operation of the name in operationName")
}

type documentKey struct{}

// withDocument hands a document that was read to the executor, who looks for it where it would keep its own.
func withDocument(ctx context.Context, doc *ast.QueryDocument) context.Context {
	return context.WithValue(ctx, documentKey{}, doc)
}

// handedOver is the executor's cache of documents: it has the one that comes with the request.
type handedOver struct{}

func (handedOver) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

func (handedOver) Add(context.Context, string, *ast.QueryDocument) {}
