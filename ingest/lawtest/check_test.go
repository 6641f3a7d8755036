package lawtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"

	"usagegraph/db"
	"usagegraph/sources/stn"
)

// everyone stands for the client that sees all customers; other clients have the name of their customer.
const everyone = ""

// clientAnswers holds the answers to each client: everyone, and one for each customer.
type clientAnswers map[string]*answers

// answers reads the answers to everyone and, if all is set, to the client of each customer.
func (s *server) answers(w *model, all bool) (clientAnswers, error) {
	answered, customers := clientAnswers{}, map[string]string{}
	if all {
		var err error
		if customers, err = s.customers(); err != nil {
			return nil, err
		}
	}
	customers[everyone] = ""
	for name, id := range customers {
		a, err := client{s, id}.readAll(w)
		if err != nil {
			return nil, fmt.Errorf("client of %q: %w", name, err)
		}
		answered[name] = a
	}
	return answered, nil
}

// customers returns the database ids of all customers by their names, such as STN:A.
func (s *server) customers() (map[string]string, error) {
	rows, err := s.pool.Query("SELECT source, value, customer_id FROM customer_identifiers")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	list := map[string]string{}
	for rows.Next() {
		var source, value, id string
		if err := rows.Scan(&source, &value, &id); err != nil {
			return nil, err
		}
		list[source+":"+value] = id
	}
	return list, rows.Err()
}

// check imports a set in one go, makes the decisions, and compares the answers with the model. It then repeats this in
// some random orders and compares the answers with the first ones: those to all clients in the first order, those to
// everyone in the others.
func (s *server) check(documents []*document, made decisions, random *rand.Rand, orders int) error {
	w := newModel(documents, made)
	want, err := s.imported(w, appendDecisions(inOneGo(documents), documents, made), true)
	if err != nil {
		return fmt.Errorf("in one go: %w", err)
	}
	if err := w.check(want); err != nil {
		return fmt.Errorf("in one go: %w", err)
	}
	for i := range orders {
		plan := insertDecisions(random, inAnyOrder(random, documents), documents, made)
		got, err := s.imported(w, plan, i == 0)
		if err == nil {
			err = want.same(got)
		}
		if err != nil {
			return fmt.Errorf("in the order\n%s\n%w", described(plan), err)
		}
	}
	return nil
}

func (s *server) imported(w *model, plan []planStep, all bool) (clientAnswers, error) {
	if err := s.load(plan); err != nil {
		return nil, err
	}
	if all {
		if err := s.verifyTotals(); err != nil {
			return nil, err
		}
	}
	return s.answers(w, all)
}

// verifyTotals compares the stored totals with the records.
func (s *server) verifyTotals() error {
	var lines []string
	_, err := s.store.VerifyTotals(context.Background(), func(line string) { lines = append(lines, line) }, func(int64, int64) {})
	if len(lines) > 0 {
		return fmt.Errorf("the stored totals are wrong:\n%s", strings.Join(lines, "\n"))
	}
	return err
}

// check compares answers with the model: all answers to everyone, and the records and subscriptions in the answers to
// each client.
func (w *model) check(all clientAnswers) error {
	if diff := cmp.Diff(w.expected(), answered(all[everyone].graph)); diff != "" {
		return fmt.Errorf("not as the law requires (-want +got):\n%s", diff)
	}
	errs := []error{w.checkLookups(all[everyone])}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		errs = append(errs, w.checkRecords(name, all[name]), w.checkReports(name, all[name]))
		if diff := cmp.Diff(w.expectedSubscriptions(name), answeredSubscriptions(all[name].graph)); diff != "" {
			errs = append(errs, fmt.Errorf("the client of %q gets other subscriptions (-want +got):\n%s", name, diff))
		}
	}
	return errors.Join(errs...)
}

// checkRecords compares the records in the answers to a client with those of its customer, for each surface.
func (w *model) checkRecords(name string, a *answers) error {
	own := map[recordKey]bool{}
	for _, d := range w.documents {
		if name == everyone || w.inScope(name, w.places[d].customer) {
			own[d.record()] = true
		}
	}
	var errs []error
	for surface, shown := range a.shown {
		found := map[recordKey]bool{}
		for _, record := range shown {
			if found[record] = true; !own[record] {
				errs = append(errs, fmt.Errorf("LEAK: the client of %s gets %s %s from %s", name, record.source, record.id, surface))
			}
		}
		for record := range own {
			if !found[record] && covers(surface, record) {
				errs = append(errs, fmt.Errorf("the client of %q does not get its own %s %s from %s", name, record.source, record.id, surface))
			}
		}
	}
	return errors.Join(errs...)
}

// inScope reports whether the client of an identifier can see the records of a customer.
func (w *model) inScope(name string, customer customerKey) bool {
	return slices.ContainsFunc(w.identifiersOf(customer), func(key customerKey) bool { return key.String() == name })
}

// covers reports whether a surface lists all records of the record's system.
func covers(surface string, record recordKey) bool {
	source, list := map[string]db.Source{"/customer-usage-data": db.Elevate, brmPath: db.BRM, stn.Pattern: db.STN}[surface]
	return surface == "graph" || list && source == record.source
}

// same compares answers with those after another import.
func (all clientAnswers) same(others clientAnswers) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(others)) {
		known, found := all[name]
		if !found {
			errs = append(errs, fmt.Errorf("unexpected customer %s", name))
			continue
		}
		for _, surface := range slices.Sorted(maps.Keys(known.texts)) {
			want, got := known.texts[surface], others[name].texts[surface]
			if want != got {
				errs = append(errs, fmt.Errorf("the client of %q gets another answer from %s than in one go (-one go +order):\n%s", name, surface,
					cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))))
			}
		}
	}
	return errors.Join(errs...)
}
