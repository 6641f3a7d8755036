package rest_test

import (
	"testing"

	"usagegraph/sources/rest"
)

func TestCellEscapesFormulas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "text": "text", "a=1": "a=1", "0": "0", "-1": "-1", "-12.50": "-12.50", "1e5": "1e5",
		"=1+2": "'=1+2", "+1": "'+1", "+31612345678": "'+31612345678", "-": "'-", "-1-1": "'-1-1", "-1.": "'-1.", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"'=1": "'=1", " =1": "' =1", "\u00a0@x": "'\u00a0@x", "＝1": "'＝1", "é": "é", " x": " x",
	} {
		if got := rest.Cell(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
