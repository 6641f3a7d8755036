package coercion_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"usagegraph/coercion"
	"usagegraph/graph"
)

var schema = graph.NewExecutableSchema(graph.Config{}).Schema()

// object decodes a JSON object with its numbers as json.Number, like the variables of a request.
func object(t *testing.T, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value map[string]any
	if err := decoder.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// operation returns a query that declares variables and does not use them.
func operation(t *testing.T, variables string) *ast.OperationDefinition {
	t.Helper()
	document, err := parser.ParseQuery(&ast.Source{Input: "query(" + variables + ") {__typename}"})
	if err != nil {
		t.Fatal(err)
	}
	validator.ValidateWithRules(schema, document, nil) // sets the definitions of the types
	return document.Operations[0]
}

// invalidVariables lists values that do not match their types, with the path of the error below the variable and its
// message.
var invalidVariables = []struct{ of, value, path, message string }{
	{"UsageType", `"sms"`, "", `UsageType: want one of its values, not "sms"`},
	{"OrderDirection!", `"Desc"`, "", `OrderDirection: want one of its values, not "Desc"`},
	{"UsageType", `""`, "", `UsageType: want one of its values, not ""`},
	{"UsageType", `1`, "", `UsageType: want one of its values, not this number`},
	{"UsageType", `true`, "", `UsageType: want one of its values, not a boolean`},
	{"UsageType", `{}`, "", `UsageType: want one of its values, not a list or object`},
	{"UsageType", `["SMS"]`, "", `UsageType: want one of its values, not a list or object`},
	{"[UsageType!]", `["SMS", "data"]`, "[1]", `UsageType: want one of its values, not "data"`},
	{"[UsageType!]", `"sms"`, "[0]", `UsageType: want one of its values, not "sms"`},
	{"[UsageType!]", `["SMS", null]`, "[1]", `UsageType!: want a value, not null`},
	{"[UsageType!]!", `null`, "", `[UsageType!]!: want a value, not null`},
	{"SourceFilter", `{"eq": "brm"}`, ".eq", `Source: want one of its values, not "brm"`},
	{"UsageRecordFilter", `{"or": [{}, {"source": {"in": ["BRM", "brm"]}}]}`, ".or[1].source.in[1]", `Source: want one of its values, not "brm"`},
	{"CustomerBy!", `{"sourceId": {"source": "stn", "value": "1"}}`, ".sourceId.source", `Source: want one of its values, not "stn"`},
	{"[CustomerOrder!]", `[{"field": "NAME", "direction": "desc"}]`, "[0].direction", `OrderDirection: want one of its values, not "desc"`},
	{"[CustomerOrder!]", `{"field": "name"}`, "[0].field", `CustomerOrderField: want one of its values, not "name"`},
	{"CustomerOrder!", `{"field": "NAME", "direction": null}`, ".direction", `OrderDirection!: want a value, not null`},
	{"CustomerOrder!", `{}`, ".field", `CustomerOrderField!: want a value, but none is given`},
	{"CustomerOrder!", `null`, "", `CustomerOrder!: want a value, not null`},
	{"CustomerOrder", `"NAME"`, "", `CustomerOrder: want an object, not a string`},
	{"CustomerOrder", `[]`, "", `CustomerOrder: want an object, not a list or object`},
	{"CustomerOrder", `{"field": "NAME", "by": 1}`, ".by", `CustomerOrder: unknown field`},
	{"CustomerOrder", `{"field": "NAME", "__typename": "CustomerOrder"}`, ".__typename", `CustomerOrder: unknown field`},
	{"SubscriptionBy!", `{"phoneNumber": "+447700900828", "simCardNumber": null}`, "", `SubscriptionBy: want exactly one field, not 2`},
	{"SubscriptionBy!", `{"phoneNumber": "1", "simCardNumber": "2"}`, "", `SubscriptionBy: want exactly one field, not 2`},
	{"SubscriptionBy!", `{}`, "", `SubscriptionBy: want exactly one field, not 0`},
	{"SubscriptionBy!", `{"simCardNumber": null}`, ".simCardNumber", `String: want a value, not null: SubscriptionBy has exactly one field`},
	{"CustomerBy", `{"sourceId": null}`, ".sourceId", `SourceIdInput: want a value, not null: CustomerBy has exactly one field`},
	{"Int", `"1"`, "", `Int: want a whole number of 32 bits, not a string`},
	{"Int", `2.5`, "", `Int: want a whole number of 32 bits, not this number`},
	{"Int", `4294967296`, "", `Int: want a whole number of 32 bits, not this number`},
	{"Int", `2147483648.0`, "", `Int: want a whole number of 32 bits, not this number`},
	{"Int", `1e999999999`, "", `Int: want a whole number of 32 bits, not this number`},
	{"Int", `false`, "", `Int: want a whole number of 32 bits, not a boolean`},
	{"[Int]", `[1, [2]]`, "[1]", `Int: want a whole number of 32 bits, not a list or object`},
	{"String", `1`, "", `String: want a string, not this number`},
	{"String", `{}`, "", `String: want a string, not a list or object`},
	{"StringFilter", `{"in": ["a", 1]}`, ".in[1]", `String: want a string, not this number`},
	{"ID!", `true`, "", `ID: want a string, not a boolean`},
	{"ID!", `1.5`, "", `ID: want a string, not this number`},
	{"[ID!]!", `["a", null]`, "[1]", `ID!: want a value, not null`},
	{"Boolean", `"true"`, "", `Boolean: want true or false, not a string`},
	{"Boolean", `1`, "", `Boolean: want true or false, not this number`},
	{"Boolean!", `null`, "", `Boolean!: want a value, not null`},
	{"BooleanFilter", `{"eq": "true"}`, ".eq", `Boolean: want true or false, not a string`},
}

func TestInvalidVariablesAreRejected(t *testing.T) {
	t.Parallel()
	for _, test := range invalidVariables {
		_, err := coercion.Variables(schema, operation(t, "$v: "+test.of), object(t, `{"v": `+test.value+`}`))
		if err == nil || err.Message != test.message || err.Path.String() != "variable.v"+test.path || err.Extensions["code"] != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("%s %s: %v; want %s at variable.v%s", test.of, test.value, err, test.message, test.path)
		}
	}
}

func TestVariablesAreCoerced(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		of, value string
		want      any
	}{
		{"Int", `2.0`, int64(2)},
		{"Int", `-1e3`, int64(-1000)},
		{"[Int]", `[1, 2.0, null]`, []any{int64(1), int64(2), nil}},
		{"Long", `2.0`, int64(2)},
		{"Long", `9223372036854775807`, int64(9223372036854775807)},
		{"Long", `2.5`, json.Number("2.5")},
		{"LongFilter", `{"in": [1, 2.00]}`, map[string]any{"in": []any{int64(1), int64(2)}}},
		{"Decimal", `2.50`, json.Number("2.50")},
		{"ID", `17`, "17"},
		{"[ID!]", `"a"`, []any{"a"}},
		{"Boolean", `false`, false},
		{"UsageType", `"SMS"`, "SMS"},
		{"UsageType", `null`, nil},
		{"[CustomerOrder!]", `{"field": "NAME"}`, []any{map[string]any{"field": "NAME"}}},
		{"SubscriptionBy!", `{"phoneNumber": "1"}`, map[string]any{"phoneNumber": "1"}},
		{"CustomerFilter", `{"name": null}`, map[string]any{"name": nil}},
	} {
		got, err := coercion.Variables(schema, operation(t, "$v: "+test.of), object(t, `{"v": `+test.value+`}`))
		if err != nil || !reflect.DeepEqual(got, map[string]any{"v": test.want}) {
			t.Errorf("%s %s: %#v, %v; want %#v", test.of, test.value, got["v"], err, test.want)
		}
	}
}

func TestAbsentVariablesAreLeftToTheirDefaults(t *testing.T) {
	t.Parallel()
	got, err := coercion.Variables(schema, operation(t, "$a: Int, $b: Int! = 1, $c: [UsageType!] = SMS"), nil)
	if err != nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := coercion.Variables(schema, operation(t, "$v: Int!"), nil); err == nil || err.Message != "Int!: want a value, but none is given" {
		t.Error(err)
	}
}
