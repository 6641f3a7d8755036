package lawtest_test

import (
	"fmt"
	"net/url"
	"slices"

	"usagegraph/db"
)

// balanceQueries returns the identifiers that dxp's endpoint is queried with: the numbers of documents and assignments,
// and the own ids of reports. Each number has one of its spellings, which varies with the size of the set.
func (w *model) balanceQueries() []text {
	var list []text
	add := func(t text) {
		if t.means == possible {
			written := spellings[t.value][db.DXP]
			t = numbered(t.value, written[len(w.documents)%len(written)])
		}
		if t.means != nothing && !slices.Contains(list, t) {
			list = append(list, t)
		}
	}
	for _, d := range w.documents {
		if d.isReport() && d.Own.means == own {
			add(d.Own)
		} else {
			add(d.number())
		}
	}
	for _, a := range w.decisions.assignments {
		if a.name.means == possible {
			add(numbered(a.name.value, ""))
		}
	}
	return list
}

// readBalances queries dxp's endpoint. It returns an error if the answer about a number is a report about another one.
func (c client) readBalances(a *answers, w *model) error {
	for _, by := range w.balanceQueries() {
		query := url.Values{"product.publicIdentifierType": {identifierType(by)}, "product.publicIdentifier": {by.written}}
		status, body := c.send("GET", "/dxp-ux/v1/PR/usageConsumptionReport?"+query.Encode(), "")
		surface := balanceSurface(by)
		a.texts[surface] = fmt.Sprint(status, " ", body)
		switch status {
		case 404:
			continue
		case 200:
		default:
			return fmt.Errorf("%s: %d %s", surface, status, body)
		}
		report, err := reported(body, w.documents)
		if err != nil {
			return fmt.Errorf("%s: %w", surface, err)
		}
		if by.in(db.DXP) != report.number().in(db.DXP) && by.means != own {
			return fmt.Errorf("%s: the answer is the report %s of another number", surface, report.recordID())
		}
		a.shown[surface] = []recordKey{report.record()}
	}
	return nil
}

// identifierType returns the identifier type in a query of dxp's endpoint.
func identifierType(by text) string {
	if by.means == own {
		return "SubscriptionId"
	}
	return "MSISDN"
}

func balanceSurface(by text) string { return fmt.Sprintf("dxp %s %s", identifierType(by), by.written) }

// reported returns the document of a report in an answer of dxp's endpoint. It compares the time and the identifier in
// the bucket, because the description repeats the identifier of the query.
func reported(body string, documents []*document) (*document, error) {
	var reports []struct {
		EffectiveDate string
		Bucket        []struct {
			Product []struct{ PublicIdentifier string }
		}
	}
	if err := decode(body, &reports); err != nil {
		return nil, err
	}
	for _, d := range documents {
		if d.isReport() && len(reports) == 1 && d.dxp()["effectiveDate"] == reports[0].EffectiveDate &&
			reports[0].Bucket[0].Product[0].PublicIdentifier == d.Number.written+d.Own.written {
			return d, nil
		}
	}
	return nil, fmt.Errorf("no document has this report: %s", body)
}
