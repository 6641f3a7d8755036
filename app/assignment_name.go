package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"usagegraph/db"
	"usagegraph/sources"
	"usagegraph/sources/legacy"
)

// assignment parses the name and the period of an assignment. A number or card needs a start and an end.
func (d *dataSet) assignment(text, from, to string) (db.Assignment, error) {
	a, err := d.assignedName(text)
	if err != nil {
		return a, err
	}
	if a.Name() != "" && (from == "" || to == "") {
		return a, errors.New("a number or card can get another owner later: --from and --to are required")
	}
	begin, err := parseBound("--from", from)
	if err != nil {
		return a, err
	}
	end, err := parseBound("--to", to)
	if err != nil {
		return a, err
	}
	if a.Start = db.Always; begin != nil {
		a.Start = *begin
	}
	if a.End = db.Forever; end != nil {
		a.End = *end
	}
	if a.Name() != "" && (a.ValidFrom() == nil || a.ValidTo() == nil) {
		return a, errors.New("a number or card can get another owner later: want a later --from and an earlier --to")
	}
	if !a.Start.Before(a.End.Time) {
		return a, fmt.Errorf("--to %s is not after --from %s", to, from)
	}
	return a, nil
}

// parseBound parses a day, as its midnight in UTC, or a time. It returns nil if the text is empty.
func parseBound(flag, text string) (*db.Time, error) {
	if text == "" {
		return nil, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return new(db.TimeOf(day)), nil
	}
	t, err := db.ParseTime(text)
	if err != nil {
		return nil, fmt.Errorf("%s %q: want a day, such as 2025-03-01, or a time with an offset, such as 2025-03-01T00:00:00+01:00", flag, text)
	}
	return &t, nil
}

// assignedName parses system:id, system:MSISDN:number or system:SIM:card.
func (d *dataSet) assignedName(text string) (a db.Assignment, err error) {
	name, value, _ := strings.Cut(text, ":")
	for _, system := range sources.Systems() {
		if strings.EqualFold(name, string(system.Name)) && value != "" {
			return d.nameIn(system, text, value)
		}
	}
	return a, fmt.Errorf("%q: want system:id, such as dxp:S-1001, or system:MSISDN:number or system:SIM:card; the systems are %s", text, strings.Join(systemNames(), ", "))
}

// region returns the country of national phone numbers in a system's documents, or an empty string, and whether the
// data set has documents of several countries.
func (d *dataSet) region(system legacy.System) (region string, several bool) {
	values := *d.values.Load()
	for _, s := range system.Settings {
		if s.Region {
			region = values.Of(s.Name)
		}
	}
	if db.CheckRegion(region) != nil { // a market without a numbering plan
		region = ""
	}
	for key := range values {
		several = several || slices.ContainsFunc(system.Settings, func(s legacy.Setting) bool {
			return s.Name == key.Name && s.Market != "" && key.Scope != values.Of(s.Market)
		})
	}
	return region, several
}

// nameIn parses the name of a number, card or subscription of a system. text is the whole argument.
func (d *dataSet) nameIn(system legacy.System, text, name string) (a db.Assignment, err error) {
	source := system.Name
	region, several := d.region(system)
	kind, value, _ := strings.Cut(name, ":")
	if several && strings.EqualFold(kind, string(db.MSISDN)) && !strings.HasPrefix(value, "+") {
		return a, fmt.Errorf("%q: the data set has several markets: want the number with a plus and the country code", value)
	}
	var parsed db.SubscriptionName
	var form db.NameForm
	switch db.IdentifierKind(strings.ToUpper(kind)) {
	case db.MSISDN:
		if parsed, form = db.ReadMSISDN(source, value, region); form != db.NumberForm {
			return a, fmt.Errorf("%q is not a phone number", value)
		}
	case db.SIM:
		if parsed, form = db.ReadName(source, value, region); form != db.CardForm {
			return a, fmt.Errorf("%q is not a SIM card number: want 18 to 22 digits that begin with 89", value)
		}
	default:
		for _, other := range sources.Systems() {
			switch {
			case other.OwnIDKind == "" || !strings.EqualFold(kind, other.OwnIDKind):
			case other.Name == source && value != "":
				return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: value}, nil
			default:
				return a, fmt.Errorf("%q: only %s has subscription IDs: want %s:id", text, other.Name.Lower(), source.Lower())
			}
		}
		own, named := db.ReadOwnID(name)
		if parsed, form = db.ReadName(source, name, region); form == db.NumberForm && system.NumberIDs {
			named = parsed // the system writes numbers as digits, and no IDs
		}
		switch {
		case named != "":
			return a, fmt.Errorf("%q is a number or card: want %s:%s:%s", name, source.Lower(), named.Kind(), name)
		case own == "":
			return a, fmt.Errorf("%q is masked or a placeholder: want the ID of a subscription", name)
		}
		return db.Assignment{Kind: db.SourceOwnID, NameSource: source, Value: name}, nil
	}
	return db.Assignment{Kind: parsed.Kind(), NameSource: parsed.Source(), Value: parsed.Value()}, nil
}

// assignmentName returns the number, card or subscription in the form that unattributed prints.
func assignmentName(a *db.Assignment) string {
	switch {
	case a.Name() == "":
		return printable(db.SourceID{Source: a.NameSource, Value: a.Value}.String())
	case strings.HasPrefix(string(a.Name()), "+"):
		return string(a.Kind) + " +" + a.Value
	case a.NameSource != "":
		return string(a.Kind) + " " + a.Value + " of " + strings.ToLower(string(a.NameSource))
	}
	return string(a.Kind) + " " + a.Value
}
