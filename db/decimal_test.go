package db_test

import (
	"testing"

	"usagegraph/db"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"0", "0"}, {"-0", "0"}, {"1", "1"}, {"-1", "-1"}, {"+1", "1"}, {"20.0", "20.0"}, {"1.50", "1.50"}, {"007", "7"}, {".5", "0.5"}, {"1.", "1"},
		{"1e3", "1000"}, {"1E3", "1000"}, {"1.5e+2", "150"}, {"1.50e1", "15.0"}, {"-2e-2", "-0.02"}, {"0e5", "0"}, {"1e18", "1000000000000000000"},
		{"1e-19", "0.0000000000000000001"}, {"20e-20", "0.0000000000000000002"},
		{"9999999999999999999", "9999999999999999999"}, {"-9999999999999999999", "-9999999999999999999"},
		{"0.1234567890123456789", "0.1234567890123456789"}, {"0000000000000000000000000000000001", "1"}, {"0.0000000000000000000", "0.0000000000000000000"},
		{"1234567890.123456789", "1234567890.123456789"},
		{text: ""}, {text: " "}, {text: " 1"}, {text: "1 "}, {text: "1 000"}, {text: "1,5"}, {text: "1_000"}, {text: "."}, {text: "-"}, {text: "--1"}, {text: "+-1"},
		{text: "1.2.3"}, {text: "e5"}, {text: "1e"}, {text: "1e1.5"}, {text: "1e1e1"}, {text: "0x10"}, {text: "NaN"}, {text: "Infinity"}, {text: "inf"},
		{text: "1\x00"}, {text: "١"}, {text: "1e999999999"}, {text: "1e99999999999999999999"},
		{text: "10000000000000000000"}, {text: "123456789012345678901234567890"}, {text: "0.12345678901234567890"}, {text: "1.0000000000000000000"},
		{text: "0.00000000000000000000"}, {text: "1e19"}, {text: "1e-20"}, {text: "1e-30"}, {text: "1.5e-19"}, {text: "25e-20"}, {text: "1e-999999999"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got, err := db.ParseDecimal(tt.text)
			if tt.want == "" {
				failsAs(t, err, db.BadInput)
				return
			}
			if err != nil || got.String() != tt.want {
				t.Errorf("got %s, %v; want %s", got, err, tt.want)
			}
		})
	}
}

func TestParseDecimalErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"ten":                            "want a decimal number, such as 12.50",
		"123456789012345678901234567890": "a decimal has at most 19 significant digits and 19 decimal places",
		"1e-30":                          "a decimal has at most 19 significant digits and 19 decimal places",
	} {
		if _, err := db.ParseDecimal(text); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}
