package lawtest_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"usagegraph/db"
)

// businessID is the market of dxp's documents, and market its time zone: UTC-4 all year.
const businessID = "PR"

var market = time.FixedZone("America/Puerto_Rico", -4*60*60)

// encode returns the document in the JSON format of its system.
func (d *document) encode() json.RawMessage {
	members := map[db.Source]func(*document) object{db.Elevate: (*document).elevate, db.BRM: (*document).brm, db.STN: (*document).stn, db.DXP: (*document).dxp}
	text, err := json.Marshal(members[d.Source](d))
	if err != nil {
		panic(err)
	}
	return text
}

type object map[string]any

// with adds a member unless its value is empty.
func (o object) with(name, value string) object {
	if value != "" {
		o[name] = value
	}
	return o
}

func (d *document) elevate() object {
	id, err := strconv.Atoi(d.ID)
	if err != nil {
		panic(err)
	}
	o := object{"id": id, "customerId": nil, "eventDate": d.At.Format(time.RFC3339Nano), "sellPrice": d.Amount}
	if d.Customer != "" {
		o["customerId"] = json.RawMessage(d.Customer)
	}
	return o.with("serviceId", d.Own.written+d.Number.written+d.Card.written).with("loadedDate", d.Version)
}

func (d *document) brm() object {
	var parties []object
	for _, p := range d.Parties {
		parties = append(parties, object{"id": p.ID.written, "role": p.Role}.with("name", p.Name))
	}
	updated := d.Version
	if updated != "" {
		updated += "T00:00:00Z"
	}
	price := object{"taxExcludedAmount": object{"unit": "USD", "value": d.Amount}}
	return object{
		"id": d.ID, "date": d.At.In(market).Format(time.RFC3339Nano), "type": "EventSessionGprs",
		"relatedParty": parties, "ratedProductUsage": []object{price},
	}.with("lastUpdate", updated)
}

func (d *document) stn() object {
	o := object{
		"id": d.ID, "customerId": d.Customer, "subscriptionId": d.Own.written, "yearMonth": d.At.Format("2006_01"),
		"amountTotalUsage": d.Amount, "quantityInBundleHomeData": 100, "usageHomeData": d.Amount,
	}
	if d.GroupSIM != nil {
		o["isGroupSim"] = *d.GroupSIM
	}
	return o.with("phoneNumber", d.Number.written).with("simCardNumber", d.Card.written).with("providerGroup", d.ProviderGroup)
}

func (d *document) dxp() object {
	kind, identifier := "MSISDN", d.Number.written
	if d.Own.written != "" {
		kind, identifier = "SubscriptionId", d.Own.written
	}
	return object{
		"description":   fmt.Sprintf("Usage Consumption Report for %s %s", kind, identifier),
		"effectiveDate": d.At.In(market).Format("2006-01-02T15:04:05"),
		"@type":         "UsageConsumptionReport", "characteristic": []object{},
		"bucket": []object{{
			"id": "1", "name": "Prepaid Balance", "usageType": "United States dollar", "isShared": false, "@type": "BucketBalance",
			"characteristic": []object{{"name": "AvailableAmount", "value": strconv.Itoa(d.Amount)}},
			"product":        []object{{"publicIdentifier": identifier}},
		}},
	}
}

// file returns documents of one source as a file: an array, or the envelope of sTN.
func file(source db.Source, documents []*document) string {
	list := make([]string, len(documents))
	for i, d := range documents {
		list[i] = string(d.encode())
	}
	array := "[" + strings.Join(list, ",\n") + "]"
	if source == db.STN {
		return fmt.Sprintf(`{"offset":0,"total":%d,"results":%s}`, len(documents), array)
	}
	return array
}
