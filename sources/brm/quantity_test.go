package brm

import (
	"strings"
	"testing"

	"github.com/govalues/decimal"

	"usagegraph/db"
)

func TestQuantities(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rules, characteristics string
		class                  string
		duration, volume, item string
		unknown                bool
	}{
		"seconds":                     {defaultQuantities, `[{"name":"DURATION_SECONDS","value":61}]`, "EventSessionTelcoGsm", "61", "", "", false},
		"kilobytes":                   {defaultQuantities, `[{"name":"VOLUME_KB","value":"1025"}]`, "EventSessionTelcoGprs", "", "1.0009765625", "", false},
		"minutes with a fraction":     {"d=MINUTE", `[{"name":"d","value":1.5}]`, "voice", "90", "", "", false},
		"gigabytes":                   {"v=GIGABYTE", `[{"name":"v","value":0.25}]`, "data", "", "256", "", false},
		"a factor":                    {"v=MEGABYTE*0.001", `[{"name":"v","value":1500}]`, "data", "", "1.5", "", false},
		"messages":                    {"n=MESSAGE", `[{"name":"n","value":2}]`, "sms", "", "", "2", false},
		"a name with an equals sign":  {"a=b=SECOND", `[{"name":"a=b","value":1}]`, "voice", "1", "", "", false},
		"the first rule first":        {"s=SECOND, m=MINUTE", `[{"name":"m","value":9},{"name":"s","value":2}]`, "voice", "2", "", "", false},
		"the next rule":               {"s=SECOND, m=MINUTE", `[{"name":"m","value":9},{"name":"s","value":"?"}]`, "voice", "540", "", "", false},
		"another case of the name":    {"s=SECOND", `[{"name":"S","value":1}]`, "voice", "", "", "", true},
		"no number":                   {"s=SECOND", `[{"name":"s","value":"one"}]`, "voice", "", "", "", true},
		"null":                        {"s=SECOND", `[{"name":"s","value":null}]`, "voice", "", "", "", true},
		"too many digits":             {"s=SECOND*0.001", `[{"name":"s","value":"0.12345678901234567"}]`, "voice", "", "", "", true},
		"no characteristics":          {"s=SECOND", `null`, "voice", "", "", "", false},
		"a fee without a quantity":    {"s=SECOND", `[{"name":"x","value":1}]`, "EventBillingProductFeeCycle", "", "", "", false},
		"no rules":                    {"", `[{"name":"s","value":1}]`, "voice", "", "", "", true},
		"bytes":                       {"v=BYTE", `[{"name":"v","value":1048576}]`, "data", "", "1", "", false},
		"bytes with a fraction":       {"v=BYTE", `[{"name":"v","value":1048580}]`, "data", "", "1.000003814697265625", "", false},
		"too many places":             {"v=BYTE", `[{"name":"v","value":1048578}]`, "data", "", "", "", true},
		"few bytes":                   {"v=BYTE", `[{"name":"v","value":2}]`, "data", "", "0.0000019073486328125", "", false},
		"many bytes":                  {"v=BYTE", `[{"name":"v","value":9999999999999999999}]`, "data", "", "", "", true},
		"an odd number of bytes":      {"v=BYTE", `[{"name":"v","value":1}]`, "data", "", "", "", true},
		"bytes with a factor":         {"v=BYTE*512", `[{"name":"v","value":"3"}]`, "data", "", "0.00146484375", "", false},
		"blanks around a number":      {"s=SECOND", `[{"name":"s","value":" 1024 "}]`, "voice", "1024", "", "", false},
		"blanks in the rule":          {" s = MINUTE * 2 ", `[{"name":"s","value":1}]`, "voice", "120", "", "", false},
		"a session without volume":    {defaultQuantities, `[{"name":"DURATION_SECONDS","value":61}]`, "EventSessionTelcoGprs", "61", "", "", true},
		"a call with an exact volume": {defaultQuantities, `[{"name":"VOLUME_KB","value":1024}]`, "EventSessionTelcoGsm", "", "1", "", true},
		"a negative value as it came": {"s=SECOND", `[{"name":"s","value":-5}]`, "voice", "-5", "", "", false},
	}
	for name, tt := range tests {
		source, err := Source(Settings{Quantities: tt.rules})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		r, err := source.Decode([]byte(`{"id":"1","date":"2025-01-01T00:00:00Z","type":"` + tt.class + `","usageCharacteristic":` + tt.characteristics + `}`))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		check := func(r *db.UsageRecord) {
			t.Helper()
			if text(r.DurationSeconds) != tt.duration || text(r.DataMB) != tt.volume || text(r.OneOffs) != tt.item {
				t.Errorf("%s: %s seconds, %s megabytes, %s items", name, text(r.DurationSeconds), text(r.DataMB), text(r.OneOffs))
			}
		}
		if check(r.Usage); r.UnknownQuantity != tt.unknown {
			t.Errorf("%s: unknown is %v", name, r.UnknownQuantity)
		}
		r.Usage.DurationSeconds, r.Usage.DataMB, r.Usage.OneOffs = nil, nil, nil
		check(source.Redecode.Usage(r.Usage).Usage)
	}
}

func TestInvalidQuantities(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"x":                               `invalid quantity "x"`,
		"=SECOND":                         "invalid quantity",
		"x=second":                        `invalid quantity "x=second": want NAME=UNIT`,
		"x=CURRENCY":                      "invalid quantity",
		"x=SECOND,":                       `invalid quantity ""`,
		"x=SECOND, x = KILOBYTE":          `invalid quantity "x = KILOBYTE": x is there twice`,
		"x=SECOND*":                       `invalid factor "" of the quantity x: want a decimal above 0`,
		"x=SECOND*0":                      "want a decimal above 0",
		"x=SECOND*-1":                     "want a decimal above 0",
		"x=KILOBYTE*0.000000000123456789": "too many digits",
	} {
		if err := checkQuantities(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// text returns a decimal as text; empty for nil.
func text(d *decimal.Decimal) string {
	if d == nil {
		return ""
	}
	return d.String()
}
