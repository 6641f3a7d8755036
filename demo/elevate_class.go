package demo

// callClass is a kind of usage that elevate rates, and its wholesale price.
type callClass struct {
	// share is how many of a thousand records are of it.
	share int
	name  string
	usage usage
	// cost is in hundred-thousandths of a pound, per minute, megabyte or message.
	cost           int
	group, product int
	supplier       *supplier
	// to are the places it goes to, or comes from.
	to []place
}

type usage int

const (
	voice usage = iota
	inbound
	data
	text
)

// supplier is whose files elevate reads the records from.
type supplier struct {
	account                           int
	file, extension, parser, fileType string
}

var (
	switched = &supplier{4012, "northlink-cdr-", ".csv", "NorthlinkCdr", "CSV"}
	mobile   = &supplier{4031, "meridian-mobile-", ".dat", "MeridianMobile", "FIXED"}
	roaming  = &supplier{4047, "farshore-tap-", ".tap", "Tap3", "TAP3"}
)

// place is a destination: how it begins, how many digits follow, and what elevate notes of it. All numbers lie in
// ranges that are kept free for fiction.
type place struct {
	begin  string
	digits int
	note   string
}

var (
	ukMobile   = []place{{"+447700900", 3, ""}}
	ukLandline = []place{{"+441632960", 3, ""}, {"+442079460", 3, ""}, {"+441134960", 3, ""}, {"+441314960", 3, ""}, {"+441614960", 3, ""}}
	abroad     = []place{
		{"+121255501", 2, "USA"}, {"+178755501", 2, "Puerto Rico"}, {"+3319900", 4, "France"}, {"+493023125", 3, "Germany"},
		{"+35320910", 4, "Ireland"}, {"+6125550", 4, "Australia"},
	}
	internet = []place{{"internet", 0, ""}, {"internet", 0, ""}, {"internet", 0, ""}, {"m2m.apn", 0, ""}}
	visited  = []place{{"internet", 0, "Roaming in Spain"}, {"internet", 0, "Roaming in France"}, {"internet", 0, "Roaming in the Netherlands"}, {"internet", 0, "Roaming in the USA"}}
)

var callClasses = []callClass{
	{220, "UK Mobile", voice, 420, 11, 501, switched, ukMobile},
	{200, "UK Landline", voice, 240, 10, 502, switched, ukLandline},
	{45, "International", voice, 3_150, 20, 503, switched, abroad},
	{8, "Premium", voice, 62_000, 30, 504, switched, []place{{"+449098790", 3, "Service charge"}}},
	{32, "UK Freephone", voice, 0, 12, 505, switched, []place{{"+448081570", 3, ""}}},
	{85, "Inbound", inbound, 0, 1, 506, switched, append(ukMobile, ukLandline...)},
	{215, "UK Data", data, 105, 40, 601, mobile, internet},
	{25, "Roaming Data", data, 890, 41, 602, roaming, visited},
	{150, "UK SMS", text, 1_250, 50, 701, mobile, ukMobile},
	{20, "International SMS", text, 4_400, 51, 702, mobile, abroad},
}

// classOf holds a class for each of a thousand draws.
var classOf = func() (of [1000]*callClass) {
	n := 0
	for i := range callClasses {
		for range callClasses[i].share {
			of[n] = &callClasses[i]
			n++
		}
	}
	return of
}()
