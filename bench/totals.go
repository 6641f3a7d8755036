package main

import "time"

// period returns the variables of a period of days, given by its first day and the day after its last: for usagegraph,
// for PostGraphile, whose session is in Amsterdam, and for the floor. local is true if the days are those of Amsterdam.
func period(first, end time.Time, local bool) (ours, theirs map[string]any, floor []string) {
	zone := "Z"
	if local {
		zone = "" // PostgreSQL reads a time without a zone in that of the session
	}
	day := func(t time.Time) string { return t.Format(time.DateOnly) }
	ours = map[string]any{"first": day(first), "last": day(end.AddDate(0, 0, -1))}
	theirs = map[string]any{"from": day(first) + "T00:00:00" + zone, "to": day(end) + "T00:00:00" + zone}
	return ours, theirs, []string{day(first), day(end)}
}

// inYear returns most of a year, each time another part of it, so that no answer comes from a cache.
func inYear(variant int) (first, end time.Time) {
	first = time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, variant%30)
	return first, time.Date(2025, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -(variant / 30 % 30))
}

// totalsVariants is the number of parameter sets of the questions about totals.
const totalsVariants = 900

func totalsOfCustomer(p *parameters) ([]variables, error) {
	list := make([]variables, totalsVariants)
	pool := p.scope.customers[:20]
	local := p.question == "T2"
	for _, server := range ourServers {
		ids, err := p.ids(server, "customer", pool)
		if err != nil {
			return nil, err
		}
		for i := range list {
			first, end := inYear(i)
			ours, theirs, floor := period(first, end, local)
			ours["customer"], theirs["customer"] = ids[i%len(ids)], pool[i%len(ids)][2]
			if list[i] == nil {
				list[i] = variables{postGraphile: theirs, theFloor: floorPath(p.question, append(floor, pool[i%len(ids)][2])...)}
			}
			list[i][server] = ours
		}
	}
	return list, nil
}

func totalsOfCustomers(p *parameters) (list []variables, err error) {
	err = p.groupsOfCustomers(func(ids map[string][]string, keys []string) {
		first, end := inYear(len(list))
		_, theirs, floor := period(first, end, false)
		theirs["customers"] = keys
		v := variables{postGraphile: theirs, theFloor: floorPath(p.question, append(floor, arrayOf(keys))...)}
		for server, ids := range ids {
			ours, _, _ := period(first, end, false)
			ours["customers"] = ids
			v[server] = ours
		}
		list = append(list, v)
	})
	return list, err
}

func yearOfEveryone(p *parameters) ([]variables, error) { return p.ofEveryone(inYear) }

func monthOfEveryone(p *parameters) ([]variables, error) {
	return p.ofEveryone(func(variant int) (time.Time, time.Time) {
		first := time.Date(2025, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, variant%300)
		return first, first.AddDate(0, 0, 30+variant/300)
	})
}

func (p *parameters) ofEveryone(days func(variant int) (first, end time.Time)) ([]variables, error) {
	list := make([]variables, totalsVariants)
	for i := range list {
		first, end := days(i)
		ours, theirs, floor := period(first, end, p.question == "T4" || p.question == "T6")
		list[i] = variables{oursPostgres: ours, oursSQLite: ours, postGraphile: theirs, theFloor: floorPath(p.question, floor...)}
	}
	return list, nil
}
