package db

import (
	"encoding/base64"
	"errors"
	"testing"
)

// everyKind is an order by columns of every kind.
var everyKind = []column{{kind: textColumn}, {kind: longColumn}, {kind: decimalColumn}, {kind: timeColumn}, {kind: textColumn, nullable: true}, {kind: decimalColumn, nullable: true}}

func FuzzCursor(f *testing.F) {
	for _, seed := range []string{
		`["order","text","1","1.50","2025-01-31T22:15:00.000000Z","text","2"]`, `["order","<&>","-9223372036854775808","0.0","0001-01-01T00:00:00.000000Z",null,null]`,
		`["order","","+1","1e3","2025-01-31T22:15:00+01:00",null,null]`, `["order",null,null,null,null,null,null]`, `["other","a","1","1","2025-01-31T22:15:00.000000Z",null,null]`,
		`[null]`, `{}`, `[`, `["order","\u0000","1","1","2025-01-31T22:15:00.000000Z",null,null]`, `["order","é😀\u2028","1","1","2025-01-31T22:15:00.000000Z",null,null]`,
	} {
		f.Add(base64.RawURLEncoding.EncodeToString([]byte(seed)))
	}
	f.Add("garbage")
	f.Fuzz(func(t *testing.T, cursor string) {
		values, err := decodeCursor("after", cursor, "order", everyKind)
		if err != nil {
			if stored := new(Error); !errors.As(err, &stored) || stored.Code != BadCursor {
				t.Errorf("%q: %v", cursor, err)
			}
			return
		}
		texts := make([]*string, len(values))
		for i, v := range values {
			texts[i] = everyKind[i].print(v)
		}
		if again := encodeCursor("order", texts); again != cursor {
			t.Errorf("%q is read as %v, which is %q", cursor, values, again)
		}
	})
}
