package demo

// For the tests of lines that only a very large document reaches.
var (
	Phone       = phone
	AppendPhone = appendPhone
)
