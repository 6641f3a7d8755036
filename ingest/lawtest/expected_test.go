package lawtest_test

import (
	"fmt"
	"slices"
	"strings"
)

// expected returns the required answer of GraphQL to a client that sees all customers, one text for each record,
// customer and subscription.
func (w *model) expected() []string {
	var list []string
	for _, d := range w.documents {
		p := w.places[d]
		list = append(list, fmt.Sprintf("record %s %s: customer %s, subscription %s, attribution %s", d.Source, d.recordID(), p.customer, w.subscriptionName(p.subscription), orNone(p.attribution.text())))
		if p.customer == (customerKey{}) {
			list = append(list, fmt.Sprintf("unattributed %s %s: %s", d.Source, d.recordID(), w.reason(d)))
		}
	}
	for key, name := range w.customerNames() {
		list = append(list, fmt.Sprintf("customer %s: name %s, identifiers [%s]", key, orNone(name), strings.Trim(fmt.Sprint(w.identifiersOf(key)), "[]")))
	}
	list = append(list, w.expectedSubscriptions(everyone)...)
	for _, a := range w.decisions.assignments {
		list = append(list, fmt.Sprintf("assignment of %s %s %s to %s from %s to %s", a.name.kind(), orNone(textOrNone(string(a.name.source))), a.name.value, a.customer,
			orNone(boundText(a.from)), orNone(boundText(a.to))))
	}
	slices.Sort(list)
	return list
}

// expectedSubscriptions returns the required subscriptions in an answer of GraphQL to a client, one text for each of
// them and of their identifiers.
func (w *model) expectedSubscriptions(client string) []string {
	var list []string
	for key, l := range w.subscriptions() {
		if client != everyone && !w.inScope(client, key.customer) {
			continue
		}
		list = append(list, fmt.Sprintf("subscription %s: phone %s, card %s, group %s, group SIM %s, business %s", w.subscriptionName(key),
			orNone(l.Phone), orNone(l.Card), orNone(l.Group), orNone(yesOrNo(l.GroupSIM)), orNone(l.BusinessID)))
		for _, i := range w.identifiersFor(client, key) {
			list = append(list, fmt.Sprintf("identifier of %s: %s", w.subscriptionName(key), i))
		}
	}
	slices.Sort(list)
	return list
}

// identifiersOf returns the identifiers of a customer.
func (w *model) identifiersOf(key customerKey) []customerKey {
	return component(w.decisions.links, key)
}

func (a attribution) text() *string {
	if a == unattributed {
		return nil
	}
	return (*string)(&a)
}

func yesOrNo(b *bool) *string {
	if b == nil {
		return nil
	}
	text := fmt.Sprint(*b)
	return &text
}

func (w *model) subscriptionName(key subscriptionKey) string {
	if key == (subscriptionKey{}) {
		return "none"
	}
	return fmt.Sprintf("%s of %s", w.textOf(key), key.customer)
}

// answered returns the contents of an answer of GraphQL, in the texts of expected.
func answered(graph map[string]any) []string {
	var list []string
	for _, root := range []string{"usageRecords", "usageSummaries", "consumptionReports"} {
		for _, n := range nodes(graph, root) {
			list = append(list, fmt.Sprintf("record %s %s: customer %s, subscription %s, attribution %s", n["source"], n["sourceId"], nodeName(n["customer"]), subscriptionNodeName(n["subscription"]), orNull(n["attribution"])))
		}
	}
	for _, n := range nodes(graph, "unattributed") {
		list = append(list, fmt.Sprintf("unattributed %s %s: %s", n["document"].(map[string]any)["source"], n["document"].(map[string]any)["sourceId"], reasonKeywords(n["reason"].(string))))
	}
	for _, n := range nodes(graph, "customers") {
		var ids []string
		for _, i := range n["identifiers"].([]any) {
			ids = append(ids, identifierName(i))
		}
		list = append(list, fmt.Sprintf("customer %s: name %s, identifiers [%s]", nodeName(n), orNull(n["name"]), strings.Join(ids, " ")))
	}
	list = append(list, answeredSubscriptions(graph)...)
	for _, n := range nodes(graph, "assignments") {
		list = append(list, fmt.Sprintf("assignment of %s %s %s to %s from %s to %s", n["kind"], orNull(n["source"]), n["value"], identifierName(n["customer"]),
			orNull(n["validFrom"]), orNull(n["validTo"])))
	}
	slices.Sort(list)
	return list
}

// answeredSubscriptions returns the subscriptions in an answer of GraphQL, in the texts of expectedSubscriptions.
func answeredSubscriptions(graph map[string]any) []string {
	var list []string
	for _, n := range nodes(graph, "subscriptions") {
		list = append(list, fmt.Sprintf("subscription %s: phone %s, card %s, group %s, group SIM %s, business %s", subscriptionNodeName(n),
			orNull(n["phoneNumber"]), orNull(n["simCardNumber"]), orNull(n["providerGroup"]), orNull(n["isGroupSim"]), orNull(n["businessId"])))
		for _, v := range n["identifiers"].([]any) {
			i := v.(map[string]any)
			list = append(list, fmt.Sprintf("identifier of %s: %s %s %s from %s to %s, disputed %t, assigned %t", subscriptionNodeName(n),
				i["kind"], orNull(i["source"]), i["value"], orNull(i["validFrom"]), orNull(i["validTo"]), i["disputed"], i["assigned"]))
		}
	}
	slices.Sort(list)
	return list
}

func nodes(graph map[string]any, root string) []map[string]any {
	var list []map[string]any
	for _, n := range graph[root].(map[string]any)["nodes"].([]any) {
		list = append(list, n.(map[string]any))
	}
	return list
}

func identifierName(v any) string {
	i := v.(map[string]any)
	return fmt.Sprintf("%s:%s", i["source"], i["value"])
}

func nodeName(v any) string {
	n, ok := v.(map[string]any)
	if !ok {
		return "none"
	}
	return fmt.Sprintf("%s:%s", n["source"], n["sourceId"])
}

func subscriptionNodeName(v any) string {
	n, ok := v.(map[string]any)
	if !ok {
		return "none"
	}
	return fmt.Sprintf("%s of %s", nodeName(n), nodeName(n["customer"]))
}

func orNull(v any) string {
	if v == nil {
		return "none"
	}
	return fmt.Sprint(v)
}
