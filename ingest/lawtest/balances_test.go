package lawtest_test

import (
	"fmt"
	"net/url"
	"slices"

	"usagegraph/db"
)

// questions are what dxp's endpoint is asked for: the numbers of documents and assignments, and the own ids of reports. Each
// number has one of its spellings, another one in a set of another size.
func (w *world) questions() []text {
	var list []text
	ask := func(t text) {
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
			ask(d.Own)
		} else {
			ask(d.number())
		}
	}
	for _, a := range w.decisions.assignments {
		if a.name.means == possible {
			ask(numbered(a.name.value, ""))
		}
	}
	return list
}

// balances asks dxp's endpoint. An answer about a number must be a report about that number.
func (c client) balances(a *answers, w *world) error {
	for _, by := range w.questions() {
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

// identifierType returns the type by which dxp's endpoint is asked for an identifier.
func identifierType(by text) string {
	if by.means == own {
		return "SubscriptionId"
	}
	return "MSISDN"
}

func balanceSurface(by text) string { return fmt.Sprintf("dxp %s %s", identifierType(by), by.written) }

// reported returns which report an answer of dxp's endpoint is, by its time and by the identifier of its bucket: its
// description has the identifier that was asked for.
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
	return nil, fmt.Errorf("no document says this: %s", body)
}
