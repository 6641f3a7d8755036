package app

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"usagegraph/db/dbtest"
)

func TestImportsAreListedAndShown(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		command := func(in string, args ...string) (string, error) {
			return runCommand(t, in, append([]string{"--database", url}, args...)...)
		}
		if printed, err := command("", "imports"); err != nil || printed != "There are no imports.\n" {
			t.Errorf("%v %s", err, printed)
		}
		large := `{"id":3,"x":"` + strings.Repeat("y", 20_000) + `"}`
		if printed, err := command(calls(1, 2)+`{"id":9}`+"\n"+`{"eventDate":"x","id":1.5}`+"\n{\"id\":7 x}\n"+large, "import", "elevate", "-"); err == nil {
			t.Error(printed)
		}
		base, _ := start(t, "--database", url)
		if a := post(t, base+"/import/elevate", strings.NewReader("["+calls(1, 1))); a.Status != http.StatusBadRequest {
			t.Error(a.Text)
		}
		list, err := command("", "imports")
		found := regexp.MustCompile(`(?m)^(\d+) +\S+ +failed +elevate +HTTP +1 +0 +0 +1 +0 +0\n(\d+) +\S+ +done +elevate +- +6 +2 +0 +0 +0 +4$`).FindStringSubmatch(list)
		if err != nil || found == nil {
			t.Fatalf("%v %s", err, list)
		}
		if list, err := command("", "imports", "--last", "1"); err != nil || strings.Count(list, "\n") != 2 {
			t.Errorf("%v %s", err, list)
		}
		shown, err := command("", "imports", "show", found[2])
		for _, want := range []string{"import " + found[2] + " of elevate from -, SHA-256 ", "done, started 20", "6 read: 2 new, 0 changed, 0 unchanged, 0 older, kept, 4 rejected; revision ",
			"\nrecord 3 (byte 120): eventDate: missing\nrecord 4 (byte 129): id: want a whole number", "\nrecord 5 (byte 156): not JSON: ", "\nrecord 6 (byte 167): eventDate: missing\n"} {
			if !strings.Contains(shown, want) || err != nil {
				t.Errorf("%q is not in %v\n%s", want, err, shown)
			}
		}
		texts, err := command("", "imports", "show", found[2], "--texts")
		if err == nil || !strings.Contains(err.Error(), "the texts of 1 rejected records") || texts != "{\"id\":9}\n{\"eventDate\":\"x\",\"id\":1.5}\n{\"id\":7 x}\n" {
			t.Errorf("%v %s", err, texts)
		}
		if shown, err := command("", "imports", "show", found[1]); err != nil || !strings.Contains(shown, "failed, started ") || !strings.Contains(shown, "\nended because: broken at byte ") {
			t.Errorf("%v %s", err, shown)
		}
		for id, want := range map[string]string{"1": "import 1: no import with this id", "x": "want the ID of an import"} {
			if printed, err := command("", "imports", "show", id); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v %s", id, err, printed)
			}
		}
		status, body := get(t, base+`/graphql?query={imports(first:2){nodes{id%20state%20rejects(first:1){nodes{field%20text}}}}}`)
		want := `{"data":{"imports":{"nodes":[{"id":"` + found[1] + `","state":"FAILED","rejects":{"nodes":[]}},{"id":"` + found[2] + `","state":"DONE","rejects":{"nodes":[{"field":"eventDate","text":"{\"id\":9}"}]}}]}}}`
		if status != http.StatusOK || body != want {
			t.Errorf("%d %s", status, body)
		}
	})
}

// TestRetryImportsRejectedRecords retries records that a client's scope has rejected, before and after a link.
func TestRetryImportsRejectedRecords(t *testing.T) {
	t.Parallel()
	dbtest.EachURL(t, func(t *testing.T, url string) {
		command := func(in string, args ...string) (string, error) {
			return runCommand(t, in, append([]string{"--database", url}, args...)...)
		}
		other := strings.ReplaceAll(calls(2, 2), "17", "18")
		for _, args := range [][]string{{"import", "elevate", "-"}, {"client", "create", "a", "--customer", "elevate:17", "--may-import"}} {
			if printed, err := command(calls(1, 1)+strings.ReplaceAll(calls(9, 1), "17", "18"), args...); err != nil {
				t.Fatal(err, printed)
			}
		}
		made, err := command("", "client", "create", "b", "--customer", "elevate:17", "--may-import")
		if err != nil {
			t.Fatal(err, made)
		}
		base, _ := start(t, "--database", url)
		a := post(t, base+"/import/elevate", strings.NewReader(other+"{}"), "Authorization", "Bearer "+secretOf.FindString(made))
		if a.Rejected != 3 {
			t.Fatal(a.Text)
		}
		printed, err := command("", "imports", "retry", a.ID)
		if err == nil || err.Error() != "3 of 3 records were rejected again (see above)" || strings.Count(printed, "not a record of this client's customers") != 2 {
			t.Errorf("%v %s", err, printed)
		}
		if printed, err := command("", "link", "elevate:17", "elevate:18", "--same-system", "--yes"); err != nil {
			t.Fatal(err, printed)
		}
		printed, err = command("", "imports", "retry", a.ID)
		if err == nil || err.Error() != "1 of 3 records were rejected again (see above)" || !strings.Contains(printed, "3 read: 2 new") {
			t.Errorf("%v %s", err, printed)
		}
		list, err := command("", "imports")
		if err != nil || strings.Count(list, "retry of "+a.ID) != 2 {
			t.Errorf("%v %s", err, list)
		}
		if printed, err := command("", "client", "revoke", clientID.FindString(made)); err != nil {
			t.Fatal(err, printed)
		}
		if printed, err := command("", "imports", "retry", a.ID); err == nil || !strings.Contains(err.Error(), "may not import") {
			t.Errorf("%v %s", err, printed)
		}
		if printed, err := command("", "imports", "retry", "1"); err == nil || !strings.Contains(err.Error(), "no import with this id") {
			t.Errorf("%v %s", err, printed)
		}
	})
}
