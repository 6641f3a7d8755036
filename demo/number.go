package demo

// dramaPrefixes are the prefixes of the number ranges that Ofcom reserves for films and plays, the mobile ones first.
var dramaPrefixes = [...]string{
	"447700900", "441632960", "442079460", "441134960", "441144960", "441154960", "441164960", "441174960", "441184960",
	"441214960", "441314960", "441414960", "441514960", "441614960", "441914980", "442896496", "442920180",
}

// dramaRange is the number of phone numbers with one of dramaPrefixes.
const dramaRange = 1_000

// unassignedPrefix is the prefix of the range of phone numbers for sets that are too large for the drama ranges.
// Ofcom's National Telephone Numbering Plan has no numbers that begin with 04, so these are unassigned. They are
// possible by their length, as ingest requires of numbers on which it joins systems, and valid in no region. None of
// them is a single repeated digit, which would be a placeholder.
const (
	unassignedPrefix = "4440"
	unassignedRange  = 100_000_000
)

// Phone returns the phone number of a subscription: the digits of E.164 without the plus.
func Phone(subscription int) string { return string(appendPhone(nil, subscription)) }

// appendPhone appends the phone number of a subscription, which must be less than unassignedRange. No two subscriptions
// have the same number.
func appendPhone(b []byte, subscription int) []byte {
	// Each factor is coprime to the size of its range. So each number of a range is used once, and consecutive
	// subscriptions have distant numbers.
	if subscription < dramaRange*len(dramaPrefixes) {
		return appendDigits(append(b, dramaPrefixes[subscription/dramaRange]...), subscription%dramaRange*617%dramaRange, 3)
	}
	return appendDigits(append(b, unassignedPrefix...), subscription*61_803_399%unassignedRange, 8)
}
