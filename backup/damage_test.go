package backup_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/google/go-cmp/cmp"

	"usagegraph/backup"
	"usagegraph/db"
	"usagegraph/db/dbtest"
)

const firstLine = "usagegraph backup 1\n"

// small returns a backup of an SQLite database with a few records: the bytes of its file, and the decompressed items.
func small(t *testing.T) (file, items []byte) {
	t.Helper()
	store := dbtest.Open(t, filepath.Join(t.TempDir(), "test.db"))
	importRecords(t, store)
	file = must(os.ReadFile(write(t, store).Path))
	return file, must(must(zstd.NewReader(nil)).DecodeAll(file[len(firstLine):], nil))
}

// compressed returns the file of some items.
func compressed(items []byte) []byte {
	return append([]byte(firstLine), must(zstd.NewWriter(nil)).EncodeAll(items, nil)...)
}

func TestOpenDamagedFile(t *testing.T) {
	t.Parallel()
	file, items := small(t)
	replaced := func(old, new string) []byte { return bytes.Replace(items, []byte(old), []byte(new), 1) }
	cut := bytes.Index(items, []byte(`{"name":"rated_usages"`))
	trailer := bytes.Clone(items)
	trailer[bytes.Index(items, []byte(`{"tables":`))+len(`{"tables":`)] = '9'
	// The first item is its kind, its length in one byte, and its text.
	head := bytes.Replace(items[2:2+items[1]], fmt.Appendf(nil, `"schemaVersion":%d`, db.LatestVersion()), fmt.Appendf(nil, `"schemaVersion":%d`, db.LatestVersion()+1), 1)
	newer := slices.Concat(items[:1], []byte{byte(len(head))}, head, items[2+items[1]:])
	for name, tt := range map[string]struct {
		file []byte
		want string
	}{
		"empty":             {nil, "is not a backup of usagegraph"},
		"another file":      {[]byte(strings.Repeat("SQLite format 3\x00", 10)), "is not a backup of usagegraph"},
		"another format":    {bytes.Replace(file, []byte("backup 1"), []byte("backup 2"), 1), "has another format than 1, which this program reads: use a newer program"},
		"a newer schema":    {compressed(newer), fmt.Sprintf("is a backup of a database of version %d, this program is of version %d", db.LatestVersion()+1, db.LatestVersion())},
		"its first line":    {file[:len(firstLine)], "is cut off at its beginning"},
		"cut":               {file[:len(file)-100], "is cut off"},
		"cut in a table":    {compressed(items[:cut-10]), "is cut off in table "},
		"cut at a row":      {compressed(items[:len(items)-30]), "is cut off"},
		"another value":     {compressed(replaced("shop \\ \t", "shoP \\ \t")), "is damaged in table api_clients, after row 1: it has 1 of 1 rows, or their SHA-256 differs"},
		"another number":    {compressed(replaced(`"rows":1,`, `"rows":2,`)), "is damaged in table api_clients, after row 1: it has 1 of 2 rows, or their SHA-256 differs"},
		"another trailer":   {compressed(trailer), "is damaged at its end: it has "},
		"something more":    {compressed(append(bytes.Clone(items), 'R')), "is damaged at its end: unexpected data after its end"},
		"more after it":     {append(bytes.Clone(file), "more"...), "at its end"},
		"two in one":        {append(bytes.Clone(file), file[len(firstLine):]...), "is damaged at its end: unexpected data after its end"},
		"a length too long": {compressed(append([]byte("H\xff\xff\xff\xff\xff\xff\xff\x7f"), items...)), "is cut off at its beginning"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "test.backup")
			if err := os.WriteFile(path, tt.file, 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := backup.Open(t.Context(), path, quiet); err == nil || !strings.Contains(err.Error(), "test.backup "+tt.want) && !strings.HasSuffix(name, "after it") {
				t.Errorf("%v; want %s", err, tt.want)
			}
		})
	}
}

// TestFlippedBytes flips bytes. Decompression ignores a few of them; Open must detect all others.
func TestFlippedBytes(t *testing.T) {
	t.Parallel()
	file, _ := small(t)
	path := filepath.Join(t.TempDir(), "test.backup")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, err := backup.Open(t.Context(), path, quiet)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(file); i += max(1, len(file)/200) {
		damaged := bytes.Clone(file)
		damaged[i] ^= 0x10
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := backup.Open(t.Context(), path, quiet); err == nil && !cmp.Equal(found.Sums, whole.Sums) {
			t.Errorf("the flipped byte %d of %d was not detected", i, len(file))
		}
	}
}

// TestFailedRestoreLeavesNothing damages a file after it was checked.
func TestFailedRestoreLeavesNothing(t *testing.T) {
	t.Parallel()
	_, items := small(t)
	whole := compressed(items)
	dbtest.EachURL(t, func(t *testing.T, url string) {
		path := filepath.Join(t.TempDir(), "test.backup")
		if err := os.WriteFile(path, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		file := must(backup.Open(t.Context(), path, quiet))
		store := openBare(t, url)
		for want, damaged := range map[string][]byte{
			"is cut off in table usage_records, after row": compressed(items[:bytes.Index(items, []byte(`{"name":"usage_summaries"`))-200]),
			"table api_clients has 1 rows instead of":      compressed(items),
			"does not have the columns of version":         compressed(bytes.Replace(items, []byte(`"sees_cost"`), []byte(`"sees_coat"`), 1)),
		} {
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			expected := *file
			if strings.HasPrefix(want, "table") {
				expected.Sums = maps.Clone(file.Sums)
				expected.Sums["api_clients"] = backup.Sum{Rows: 1, SHA256: "another"}
			}
			if err := expected.Restore(t.Context(), store, quiet); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "does not answer") {
				t.Errorf("%v; want %s", err, want)
			}
			if _, err := backup.Write(t.Context(), store, path+"2", "test", quiet); err == nil || !strings.Contains(err.Error(), "no tables") {
				t.Errorf("tables remain: %v", err)
			}
		}
	})
}
