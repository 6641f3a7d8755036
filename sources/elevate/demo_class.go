package elevate

import "usagegraph/demo"

// demoClass is a call class with its wholesale price.
type demoClass struct {
	// perMille is the share of the class in all records.
	perMille int
	name     string
	unit     demoUnit
	// price is the purchase price of a minute, megabyte or message, in 1/100,000 pounds.
	price          int
	group, product int
	supplier       *supplier
	// destinations holds the origins of inbound calls.
	destinations []destination
}

// demoUnit is the unit in which the usage of a class is measured.
type demoUnit int

const (
	seconds demoUnit = iota
	megabytes
	messages
)

// supplier is a supplier of records, with the names of its files.
type supplier struct {
	account                                 int
	filePrefix, extension, parser, fileType string
}

var (
	fixedNetwork    = &supplier{4012, "northlink-cdr-", ".csv", "NorthlinkCdr", "CSV"}
	mobileNetwork   = &supplier{4031, "meridian-mobile-", ".dat", "MeridianMobile", "FIXED"}
	roamingPartners = &supplier{4047, "farshore-tap-", ".tap", "Tap3", "TAP3"}
)

// destination is a range of phone numbers: a prefix and a number of further digits, with the additional info of records
// to it. All ranges are reserved for fiction. An access point is a destination without digits.
type destination struct {
	prefix string
	digits int
	info   string
}

var (
	ukMobile   = []destination{{"+447700900", 3, ""}}
	ukLandline = []destination{
		{"+441632960", 3, ""}, {"+442079460", 3, ""}, {"+441134960", 3, ""}, {"+441314960", 3, ""}, {"+441614960", 3, ""},
	}
	abroad = []destination{
		{"+121255501", 2, "USA"}, {"+178755501", 2, "Puerto Rico"}, {"+3319900", 4, "France"}, {"+493023125", 3, "Germany"},
		{"+35320910", 4, "Ireland"}, {"+6125550", 4, "Australia"},
	}
	accessPoints        = []destination{{"internet", 0, ""}, {"internet", 0, ""}, {"internet", 0, ""}, {"m2m.apn", 0, ""}}
	roamingAccessPoints = []destination{
		{"internet", 0, "Roaming in Spain"}, {"internet", 0, "Roaming in France"}, {"internet", 0, "Roaming in the Netherlands"},
		{"internet", 0, "Roaming in the USA"},
	}
)

// inbound is the name of the class of incoming calls.
const inbound = "Inbound"

var demoClasses = []demoClass{
	{220, "UK Mobile", seconds, 420, 11, 501, fixedNetwork, ukMobile},
	{200, "UK Landline", seconds, 240, 10, 502, fixedNetwork, ukLandline},
	{45, "International", seconds, 3_150, 20, 503, fixedNetwork, abroad},
	{8, "Premium", seconds, 62_000, 30, 504, fixedNetwork, []destination{{"+449098790", 3, "Service charge"}}},
	{32, "UK Freephone", seconds, 0, 12, 505, fixedNetwork, []destination{{"+448081570", 3, ""}}},
	{85, inbound, seconds, 0, 1, 506, fixedNetwork, append(ukMobile, ukLandline...)},
	{215, "UK Data", megabytes, 105, 40, 601, mobileNetwork, accessPoints},
	{25, "Roaming Data", megabytes, 890, 41, 602, roamingPartners, roamingAccessPoints},
	{150, "UK SMS", messages, 1_250, 50, 701, mobileNetwork, ukMobile},
	{20, "International SMS", messages, 4_400, 51, 702, mobileNetwork, abroad},
}

// drawCallClass draws a class by the shares.
func drawCallClass(r *demo.Random) *demoClass {
	n := r.Below(1000)
	for i := range demoClasses {
		if n -= demoClasses[i].perMille; n < 0 {
			return &demoClasses[i]
		}
	}
	panic("elevate: the shares of the demo classes add up to less than 1000")
}

func (c *demoClass) direction() string {
	if c.name == inbound {
		return "INBOUND"
	}
	return "OUTBOUND"
}
