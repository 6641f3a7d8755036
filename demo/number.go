package demo

// drama are the beginnings of the numbers that Ofcom reserves for films and plays, the mobile ones first. Each range has
// a thousand numbers.
var drama = [...]string{
	"447700900", "441632960", "442079460", "441134960", "441144960", "441154960", "441164960", "441174960", "441184960",
	"441214960", "441314960", "441414960", "441514960", "441614960", "441914980", "442896496", "442920180",
}

const dramaRange = 1_000

// unassigned is the beginning of a hundred million numbers for sets that the drama ranges are too small for. Ofcom's
// National Telephone Numbering Plan has no numbers that begin with 04, so nobody can have one; by its length it is
// possible, which is what systems are joined on, and it is valid in no region. No number of this range is one digit
// repeated, which would be a placeholder.
const (
	unassigned      = "4440"
	unassignedRange = 100_000_000
)

// phone returns a line's number: the digits of E.164, without the plus.
func phone(line int) string { return string(appendPhone(nil, line)) }

// appendPhone appends the number of a line, which is less than unassignedRange. No other line has the same number.
func appendPhone(b []byte, line int) []byte {
	// The factors are prime to the sizes of the ranges: each number of a range comes once, and neighbouring lines have
	// distant numbers.
	if line < dramaRange*len(drama) {
		return appendDigits(append(b, drama[line/dramaRange]...), line%dramaRange*617%dramaRange, 3)
	}
	return appendDigits(append(b, unassigned...), line*61_803_399%unassignedRange, 8)
}
