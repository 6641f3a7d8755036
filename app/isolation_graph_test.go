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

// walker makes questions out of the schema.
type walker struct{ *ast.Schema }

func newWalker() walker {
	return walker{gqlparser.MustLoadSchema(&ast.Source{Name: "schema.graphqls", Input: schema})}
}

func (w walker) isNode(d *ast.Definition) bool {
	return d.Kind == ast.Interface || slices.Contains(d.Interfaces, "Node")
}

func isConnection(d *ast.Definition) bool { return strings.HasSuffix(d.Name, "Connection") }

// isNodeList tells whether a type is a connection of nodes. The one of unattributed documents, which is closed to clients
// with a scope, is none.
func (w walker) isNodeList(d *ast.Definition) bool {
	return isConnection(d) && w.isNode(w.Types[d.Fields.ForName("nodes").Type.Name()])
}

func (w walker) fields(d *ast.Definition) []*ast.FieldDefinition {
	return slices.DeleteFunc(slices.Clone(d.Fields), func(f *ast.FieldDefinition) bool { return strings.HasPrefix(f.Name, "__") })
}

// leaves selects all of a type but what leads to other nodes.
func (w walker) leaves(d *ast.Definition) string {
	var b strings.Builder
	for _, f := range w.fields(d) {
		switch of := w.Types[f.Type.Name()]; {
		case of.IsLeafType():
			fmt.Fprintf(&b, "%s ", f.Name)
		case !w.isNode(of) && !isConnection(of):
			fmt.Fprintf(&b, "%s {%s} ", f.Name, w.leaves(of))
		}
	}
	return b.String()
}

// way leads from one node to others: what stands before and after a selection of those.
type way struct {
	before, after string
	to            *ast.Definition
}

// listed selects a list of nodes with all that a connection says of itself.
func listed(field, arguments string) (before, after string) {
	return field + "(" + arguments + ") {totalCount pageInfo {hasNextPage hasPreviousPage startCursor endCursor} edges {cursor} nodes {", "}}"
}

// ways are all from a type to nodes, also by way of what is no node itself.
func (w walker) ways(d *ast.Definition) []way {
	var list []way
	for _, f := range w.fields(d) {
		of := w.Types[f.Type.Name()]
		switch {
		case isConnection(of) && !w.isNodeList(of):
		case isConnection(of):
			before, after := listed(f.Name, "first: 100")
			list = append(list, way{before, after, w.Types[of.Fields.ForName("nodes").Type.Name()]})
		case w.isNode(of) && len(f.Arguments) == 0:
			list = append(list, way{f.Name + " {", "}", of})
		case !of.IsLeafType() && len(f.Arguments) == 0:
			for _, e := range w.ways(of) {
				list = append(list, way{f.Name + " {" + e.before, e.after + "}", e.to})
			}
		}
	}
	return list
}

// paths are all selections of so many steps from a type, each with all leaves at its end; last is the last step.
func (w walker) paths(d *ast.Definition, steps int, found func(selection, last string)) {
	if steps == 0 {
		found(w.leaves(d), d.Name)
		return
	}
	for _, e := range w.ways(d) {
		w.paths(e.to, steps-1, func(selection, last string) {
			if steps == 1 {
				last = d.Name + " " + e.before + last
			}
			found(e.before+selection+e.after, last)
		})
	}
}

// nodeTypes are the types that have ids, each with the list of all of them.
func (w walker) nodeTypes() map[string]*ast.Definition {
	lists := map[string]*ast.Definition{}
	for _, f := range w.fields(w.Query) {
		if of := w.Types[f.Type.Name()]; w.isNodeList(of) {
			lists[f.Name] = w.Types[of.Fields.ForName("nodes").Type.Name()]
		}
	}
	return lists
}

// lists are the fields that are connections, of Query and of every node: how each is asked for, given the id of its
// owner; "" is nobody's.
func (w walker) lists() map[string]*ast.FieldDefinition {
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

// object is a JSON object of an answer.
type object map[string]any

// answer is what the graph answers.
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

// at follows names into an answer; an element of a list is its first.
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

// codes are the codes of an answer's errors, each once.
func (a answer) codes() []string {
	seen := map[string]bool{}
	for _, e := range a.Errors {
		seen[e.Extensions.Code] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// samples are rows of a list that the operator sees: of the owner whose word, digits or year is in them.
func (g *guarded) samples(w walker, list string, d *ast.Definition) (annas, bertas, nobodys object) {
	g.t.Helper()
	selection := w.leaves(d)
	for _, f := range w.fields(d) {
		if of := w.Types[f.Type.Name()]; w.isNode(of) {
			selection += f.Name + " {id} "
		}
	}
	before, after := listed(list, "first: 100")
	nodes, _ := at(parse(g.t, g.query(g.operator, "{"+before+selection+after+"}", nil)).Data, list, "nodes").([]any)
	for _, n := range nodes {
		row := object(n.(map[string]any))
		text, _ := json.Marshal(row)
		for _, whose := range []struct {
			person *person
			row    *object
		}{{g.anna, &annas}, {g.berta, &bertas}, {g.nemo, &nobodys}} {
			if *whose.row == nil && strings.Contains(string(text), whose.person.word) {
				*whose.row = row
			}
		}
	}
	if annas == nil || bertas == nil || nobodys == nil && d.Name != "Customer" {
		g.t.Fatalf("%s: not everyone has one", list)
	}
	return annas, bertas, nobodys
}
