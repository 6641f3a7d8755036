package lawtest_test

import "usagegraph/db"

// The regions with which documents are imported. National numbers of sTN and dxp belong to Puerto Rico, those of
// elevate to Great Britain; brm has no region.
const (
	stnRegion     = "PR"
	elevateRegion = "GB"
)

// spellings are the texts of a number, by its E.164 digits and the system of the document. The digits 7875550001 stand
// for one number in Puerto Rico and another in Great Britain.
var spellings = map[string]map[db.Source][]string{
	"17875550001": puertoRico("0001"),
	"17875550002": puertoRico("0002"),
	"17875550003": puertoRico("0003"),
	"447875550001": {
		db.Elevate: {"7875550001", "07875550001", "+447875550001", "447875550001"},
		db.BRM:     {"+447875550001", "+44 7875 550001"},
		db.STN:     {"+447875550001", "011447875550001"},
		db.DXP:     {"+447875550001", "011447875550001"},
	},
	"442079460124": {
		db.Elevate: {
			"02079460124", "020 7946 0124", "0044 20 7946 0124", "+44 (0)20 7946 0124", "tel:+442079460124",
			"+44\u00a020\u00a07946\u00a00124", "+44 20 7946\u20110124",
		},
		db.BRM: {"+442079460124", "+44 (0)20 7946 0124"},
		db.STN: {"+442079460124", "+44 (0)20 7946 0124", "011442079460124"},
		db.DXP: {"+442079460124", "+44 20 7946 0124", "011442079460124"},
	},
}

// puertoRico returns the spellings of the number +1 787 555 and four digits.
func puertoRico(last string) map[db.Source][]string {
	everywhere := []string{
		"+1787555" + last, "tel:+1787555" + last, "+1 787 555 " + last, "+1\u00a0787\u00a0555\u00a0" + last, "+1 (787) 555\u2011" + last,
	}
	with := func(more ...string) []string { return append(more, everywhere...) }
	return map[db.Source][]string{
		db.Elevate: with("001787555"+last, "1787555"+last),
		db.BRM:     everywhere,
		db.STN:     with("787-555"+last, "787555"+last, "(787) 555-"+last, "1-787-555-"+last, "0111787555"+last),
		db.DXP:     with("787555"+last, "787-555"+last, "1787555"+last),
	}
}

// locals are numbers that are too short to have a meaning outside of their system; unnamedNumbers are masked numbers
// and placeholders, which name nothing.
var (
	locals = map[db.Source][]string{
		db.Elevate: {"8201", "8202"},
		db.BRM:     {"8201", "5550001"},
		db.STN:     {"8201", "5550001"},
		db.DXP:     {"8201", "5550001", "448201"},
	}
	unnamedNumbers = []string{"06-****7640", "787***0001", "N/A", "-", "0", "0000000000", "112", "911", "999", "n/a", "none", "anonymous"}
)

// cards are the digits of SIM cards, and unnamedCards texts that are none.
var (
	cards        = []string{"8931000000000000001", "89310000000000000028"}
	unnamedCards = []string{"N/A", "-", "0", "8931A", "893100000000"}
)

// numbered returns a spelling of a possible number.
func numbered(digits, written string) text {
	return text{written: written, means: possible, value: digits}
}
