package app

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// schemaWalker generates queries from the schema.
type schemaWalker struct{ *ast.Schema }

func newSchemaWalker() schemaWalker {
	return schemaWalker{gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: schema})}
}

func (w schemaWalker) isNode(d *ast.Definition) bool {
	return d.Kind == ast.Interface || slices.Contains(d.Interfaces, "Node")
}

func isConnection(d *ast.Definition) bool { return strings.HasSuffix(d.Name, "Connection") }

// isNodeList reports whether a type is a connection of nodes. The connection of unattributed documents is not: clients
// with a limited scope cannot read it.
func (w schemaWalker) isNodeList(d *ast.Definition) bool {
	return isConnection(d) && w.isNode(w.Types[d.Fields.ForName("nodes").Type.Name()])
}

func (w schemaWalker) fields(d *ast.Definition) []*ast.FieldDefinition {
	return slices.DeleteFunc(slices.Clone(d.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// leafFields returns a selection of all fields of a type, except nodes and connections.
func (w schemaWalker) leafFields(d *ast.Definition) string {
	var b strings.Builder
	for _, f := range w.fields(d) {
		switch of := w.Types[f.Type.Name()]; {
		case of.IsLeafType():
			fmt.Fprintf(&b, "%s ", f.Name)
		case !w.isNode(of) && !isConnection(of):
			fmt.Fprintf(&b, "%s {%s} ", f.Name, w.leafFields(of))
		}
	}
	return b.String()
}

// step is a field that leads from a node to other nodes, as the text before and after the selection of those nodes.
type step struct {
	before, after string
	to            *ast.Definition
}

// connectionSelection returns the text before and after the selection of a connection's nodes, with its page info and
// cursors.
func connectionSelection(field, arguments string) (before, after string) {
	return field + "(" + arguments + ") {totalCount countUpTo {value exact} pageInfo {hasNextPage hasPreviousPage startCursor endCursor} edges {cursor} nodes {", "}}"
}

// steps returns all steps from a type, also through types that are not nodes.
func (w schemaWalker) steps(d *ast.Definition) []step {
	var list []step
	for _, f := range w.fields(d) {
		of := w.Types[f.Type.Name()]
		switch {
		case isConnection(of) && !w.isNodeList(of):
		case isConnection(of):
			before, after := connectionSelection(f.Name, "first: 100")
			list = append(list, step{before, after, w.Types[of.Fields.ForName("nodes").Type.Name()]})
		case w.isNode(of) && len(f.Arguments) == 0:
			list = append(list, step{f.Name + " {", "}", of})
		case !of.IsLeafType() && len(f.Arguments) == 0:
			for _, e := range w.steps(of) {
				list = append(list, step{f.Name + " {" + e.before, e.after + "}", e.to})
			}
		}
	}
	return list
}

// paths calls found with each selection that is a number of steps deep, with all leaf fields at its end. last is the
// last step.
func (w schemaWalker) paths(d *ast.Definition, steps int, found func(selection, last string)) {
	if steps == 0 {
		found(w.leafFields(d), d.Name)
		return
	}
	for _, e := range w.steps(d) {
		w.paths(e.to, steps-1, func(selection, last string) {
			if steps == 1 {
				last = d.Name + " " + e.before + last
			}
			found(e.before+selection+e.after, last)
		})
	}
}

// nodeTypes maps the root lists to their node types.
func (w schemaWalker) nodeTypes() map[string]*ast.Definition {
	lists := map[string]*ast.Definition{}
	for _, f := range w.fields(w.Query) {
		if of := w.Types[f.Type.Name()]; w.isNodeList(of) {
			lists[f.Name] = w.Types[of.Fields.ForName("nodes").Type.Name()]
		}
	}
	return lists
}

// lists returns the connections of Query and of all node types, by type and field.
func (w schemaWalker) lists() map[string]*ast.FieldDefinition {
	lists := map[string]*ast.FieldDefinition{}
	for _, d := range append(slices.Collect(maps.Values(w.nodeTypes())), w.Query) {
		for _, f := range w.fields(d) {
			if w.isNodeList(w.Types[f.Type.Name()]) {
				lists[d.Name+"."+f.Name] = f
			}
		}
	}
	return lists
}

// object is a JSON object.
type object map[string]any

// answer is a GraphQL answer.
type answer struct {
	Data   object
	Errors []struct {
		Message    string
		Extensions struct{ Code string }
	}
}

func parse(t *testing.T, text string) answer {
	t.Helper()
	var a answer
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&a); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return a
}

// at returns the value at a path of names; of a list, it takes the first element.
func at(value any, names ...string) any {
	for _, name := range names {
		if list, ok := value.([]any); ok {
			if len(list) == 0 {
				return nil
			}
			value = list[0]
		}
		switch o := value.(type) {
		case object:
			value = o[name]
		case map[string]any:
			value = o[name]
		default:
			return nil
		}
	}
	return value
}

// codes returns the distinct codes of the answer's errors, sorted.
func (a answer) codes() []string {
	seen := map[string]bool{}
	for _, e := range a.Errors {
		seen[e.Extensions.Code] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// sampleRows returns a row of each owner from a list that the operator sees.
func (g *isolationServer) sampleRows(w schemaWalker, list string, d *ast.Definition) (annaRow, bertaRow, unownedRow object) {
	g.t.Helper()
	selection := w.leafFields(d)
	for _, f := range w.fields(d) {
		if of := w.Types[f.Type.Name()]; w.isNode(of) {
			selection += f.Name + " {id} "
		}
	}
	before, after := connectionSelection(list, "first: 100")
	nodes, _ := at(parse(g.t, g.query(g.operatorSecret, "{"+before+selection+after+"}", nil)).Data, list, "nodes").([]any)
	for _, n := range nodes {
		row := object(n.(map[string]any))
		text, _ := json.Marshal(row)
		for _, whose := range []struct {
			person *owner
			row    *object
		}{{g.anna, &annaRow}, {g.berta, &bertaRow}, {g.unowned, &unownedRow}} {
			if *whose.row == nil && strings.Contains(string(text), whose.person.word) {
				*whose.row = row
			}
		}
	}
	if annaRow == nil || bertaRow == nil || unownedRow == nil && d.Name != "Customer" {
		g.t.Fatalf("%s: no row of some owner", list)
	}
	return annaRow, bertaRow, unownedRow
}
