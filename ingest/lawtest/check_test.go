package lawtest_test

import (
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

// everyone is the client that sees everyone; others are known by their customers.
const everyone = ""

// views are the answers to all clients: everyone, and one client of each customer.
type views map[string]*answers

// views asks as the client that sees everyone and, where all are wanted, as the client of each customer.
func (s *server) views(w *world, all bool) (views, error) {
	answered, customers := views{}, map[string]string{}
	if all {
		var err error
		if customers, err = s.customers(); err != nil {
			return nil, err
		}
	}
	customers[everyone] = ""
	for name, id := range customers {
		a, err := client{s, id}.answer(w)
		if err != nil {
			return nil, fmt.Errorf("client of %q: %w", name, err)
		}
		answered[name] = a
	}
	return answered, nil
}

// customers returns the database's ids of all customers by their names, such as STN:A.
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

// check imports a set in one go, makes decisions, and holds what the server answers against the oracle. Then it does so in some
// random orders, of which each must be answered alike: all clients after the first, the client that sees everyone after the
// others.
func (s *server) check(documents []*document, made decisions, random *rand.Rand, orders int) error {
	w := judge(documents, made)
	want, err := s.imported(w, decidedLast(inOneGo(documents), documents, made), true)
	if err != nil {
		return fmt.Errorf("in one go: %w", err)
	}
	if err := w.holds(want); err != nil {
		return fmt.Errorf("in one go: %w", err)
	}
	for i := range orders {
		plan := decidedAtRandom(random, inAnyOrder(random, documents), documents, made)
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

func (s *server) imported(w *world, plan []delivery, all bool) (views, error) {
	if err := s.load(plan); err != nil {
		return nil, err
	}
	return s.views(w, all)
}

// holds compares answers with the oracle: all that is said to everyone, and the records and subscriptions that each client is
// shown.
func (w *world) holds(all views) error {
	if diff := cmp.Diff(w.expected(), told(all[everyone].graph)); diff != "" {
		return fmt.Errorf("not by the law (-want +got):\n%s", diff)
	}
	errs := []error{w.finds(all[everyone])}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		errs = append(errs, w.shows(name, all[name]), w.reports(name, all[name]))
		if diff := cmp.Diff(w.expectedLines(name), toldLines(all[name].graph)); diff != "" {
			errs = append(errs, fmt.Errorf("the client of %q is shown other subscriptions (-want +got):\n%s", name, diff))
		}
	}
	return errors.Join(errs...)
}

// shows compares the records that a client is shown with those that are its customer's, surface by surface.
func (w *world) shows(name string, a *answers) error {
	own := map[recordKey]bool{}
	for _, d := range w.documents {
		if name == everyone || w.sees(name, w.places[d].customer) {
			own[d.record()] = true
		}
	}
	var errs []error
	for surface, shown := range a.shown {
		found := map[recordKey]bool{}
		for _, record := range shown {
			if found[record] = true; !own[record] {
				errs = append(errs, fmt.Errorf("LEAK: the client of %s is shown %s %s by %s", name, record.source, record.id, surface))
			}
		}
		for record := range own {
			if !found[record] && covers(surface, record) {
				errs = append(errs, fmt.Errorf("the client of %q is not shown its own %s %s by %s", name, record.source, record.id, surface))
			}
		}
	}
	return errors.Join(errs...)
}

// sees reports whether the client that was created with an identifier sees the records of a customer.
func (w *world) sees(name string, customer customerKey) bool {
	return slices.ContainsFunc(w.identifiersOf(customer), func(key customerKey) bool { return key.String() == name })
}

// covers reports whether a surface shows all records of the system of a record.
func covers(surface string, record recordKey) bool {
	source, list := map[string]db.Source{"/customer-usage-data": db.Elevate, brmPath: db.BRM, stn.Pattern: db.STN}[surface]
	return surface == "graph" || list && source == record.source
}

// same compares answers with others, after another import.
func (all views) same(others views) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(others)) {
		known, found := all[name]
		if !found {
			errs = append(errs, fmt.Errorf("there is a customer %s", name))
			continue
		}
		for _, surface := range slices.Sorted(maps.Keys(known.texts)) {
			want, got := known.texts[surface], others[name].texts[surface]
			if want != got {
				errs = append(errs, fmt.Errorf("the client of %q is answered otherwise by %s than in one go (-one go +order):\n%s", name, surface,
					cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n"))))
			}
		}
	}
	return errors.Join(errs...)
}
