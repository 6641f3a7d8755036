package db

import (
	"database/sql/driver"
	"slices"
	"strconv"

	"modernc.org/sqlite"
)

// setSharedIDs sets SharedID of the buckets of one record. Of buckets with the same id and products, the second and
// further ones have their ordinal in it.
func setSharedIDs(list []*Bucket) {
	count := map[string]int{}
	for _, b := range list {
		b.SharedID = nil
		if b.IsShared == nil || !*b.IsShared {
			continue
		}
		id := sharedID(b.Source, b.SourceID, b.ProductsJSON)
		if id == nil {
			continue
		}
		if n := count[*id]; n > 0 {
			b.SharedID = new(*id + "." + strconv.Itoa(n))
		} else {
			b.SharedID = id
		}
		count[*id]++
	}
}

// sharedID returns the identity of a bucket of several subscriptions: a hash of its id and the set of their public
// identifiers. It returns nil if there are less than two.
func sharedID(source Source, sourceID string, products JSON) *string {
	identifiers, err := publicIdentifiers(products)
	if err != nil {
		return nil
	}
	slices.Sort(identifiers)
	if identifiers = slices.Compact(identifiers); len(identifiers) < 2 {
		return nil
	}
	return new(hashName(append([]string{string(source), sourceID}, identifiers...)...))
}

// publicIdentifiers returns the public identifiers of products, in order. It leaves out products without one.
func publicIdentifiers(products JSON) ([]string, error) {
	var list []struct {
		PublicIdentifier string `json:"publicIdentifier"`
	}
	err := products.into(&list)
	identifiers := make([]string, 0, len(list))
	for _, p := range list {
		if p.PublicIdentifier != "" {
			identifiers = append(identifiers, p.PublicIdentifier)
		}
	}
	return identifiers, err
}

// sharedIDInPostgres is sharedID as SQL for the columns of a bucket, for a migration.
const sharedIDInPostgres = `(SELECT CASE WHEN COUNT(*) > 1 THEN rtrim(translate(encode(substring(sha256(convert_to(
    octet_length(source) || ':' || source || octet_length(source_id) || ':' || source_id || string_agg(octet_length(p) || ':' || p, '' ORDER BY p), 'UTF8')) FOR 16), 'base64'), '+/', '-_'), '=') END
  FROM (SELECT DISTINCT (x ->> 'publicIdentifier') COLLATE "C" AS p FROM json_array_elements(products) x) d WHERE p <> '')`

// sharedIDInSQLite is sharedID as a function of SQLite.
func sharedIDInSQLite(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	var texts [3]string
	for i, arg := range args {
		text, ok := arg.(string)
		if !ok {
			return nil, nil
		}
		texts[i] = text
	}
	if id := sharedID(Source(texts[0]), texts[1], JSON(texts[2])); id != nil {
		return *id, nil
	}
	return nil, nil
}
