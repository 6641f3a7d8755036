package demo

// AppendPhone lets tests read the numbers of subscriptions that only a very large set has.
var AppendPhone = appendPhone
