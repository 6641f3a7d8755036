package sourcetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
)

// unknownMember is a member that no format defines.
const unknownMember = "x-unknown"

// WithUnknownMembers returns a document with a further member in each of its objects. Its value, which has objects and
// lists itself, tells the path of the object.
func WithUnknownMembers(t testing.TB, document string) string {
	t.Helper()
	root := parse(t, document)
	eachObject("", root, func(path string, object map[string]any) {
		object[unknownMember] = map[string]any{"of": path, "null": nil, "list": []any{true, map[string]any{"number": json.Number("1.50")}}}
	})
	return encode(t, root)
}

// CheckUnknownMembers checks that an answer has all members that WithUnknownMembers added to a document, each as it was
// imported and in an object at the same depth, which may have another name. An answer may leave out members that are null.
func CheckUnknownMembers(t testing.TB, document, answer string) {
	t.Helper()
	want, got := unknownMembers(t, document), unknownMembers(t, answer)
	for _, member := range slices.Sorted(maps.Keys(want)) {
		if got[member] != want[member] {
			t.Errorf("%d of %d times in the answer: %s", got[member], want[member], member)
		}
	}
	if len(want) == 0 || len(got) > len(want) {
		t.Errorf("%d unknown members in the document, %d in the answer", len(want), len(got))
	}
}

// unknownMembers counts the unknown members of a document.
func unknownMembers(t testing.TB, document string) map[string]int {
	t.Helper()
	members := map[string]int{}
	eachObject("", parse(t, document), func(path string, object map[string]any) {
		if value, ok := object[unknownMember].(map[string]any); ok {
			delete(value, "null")
			members[fmt.Sprintf("at depth %d: %s", bytes.Count([]byte(path), []byte("/")), encode(t, value))]++
		}
	})
	return members
}

// eachObject calls visit with each object of a value and its path. It does not enter unknown members.
func eachObject(path string, value any, visit func(path string, object map[string]any)) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if name != unknownMember {
				eachObject(path+"/"+name, value[name], visit)
			}
		}
		visit(path, value)
	case []any:
		for i, element := range value {
			eachObject(fmt.Sprint(path, "/", i), element, visit)
		}
	}
}

// CheckEqualJSON checks that two documents have the same values, numbers written alike.
func CheckEqualJSON(t testing.TB, want, got string) {
	t.Helper()
	if want, got := encode(t, parse(t, want)), encode(t, parse(t, got)); want != got {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func parse(t testing.TB, document string) (root any) {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader([]byte(document)))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		t.Fatalf("%v: %s", err, document)
	}
	return root
}

func encode(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
