// Package dxp reads and writes the usage consumption reports of dxp-ux, a facade of an online charging system
// (Matrixx), in the format of its page GET /dxp-ux/v1/{businessId}/usageConsumptionReport: an array of one TMF677
// report.
//
// # Decoding a report
//
// Customer: a report names none.
//
// Subscription: the description, "Usage Consumption Report for MSISDN 8201" or "... for SubscriptionId S-1001", in any
// case. An MSISDN is a phone number with its country code, with or without a plus, or a national number of the market.
// A number with an impossible length, such as 8201, identifies a subscription within dxp only; a masked number and a
// word identify none. A SubscriptionId is an id of dxp, unless it is a possible number with a plus, a SIM card number
// or a placeholder. The publicIdentifiers of a bucket's products do not identify the subscription, because a bucket may
// be shared with others. The market, which is the business id, is a setting.
//
// Report id: the type of the identifier, the identifier and the time in UTC, as in
// MSISDN:17875550009@2025-02-10T04:00:00Z. A possible number is written as its digits, any other identifier as it came,
// so that a report has one id for all spellings of its number and its time.
//
// Times are local times of the market, whose time zone is a setting, unless they have an offset. When clocks go back, a
// local time that occurs twice is the first of the two; when they go forward, a skipped one is read with the offset
// before the change. The text of such a time, and any text that the stored instant does not reproduce, is stored as
// well and written in the response. A bound of a period beyond the storable years, such as 9999-12-31T23:59:59 in the
// west, is open.
//
// Usage type: by the bucket's usageType, in any case.
//
//	Voice                                   VOICE
//	Data                                    DATA
//	Text, sms                               SMS
//	Picture, mms                            MMS
//	a currency's name or code               MONEY     the table is in usage_type.go
//	otherwise                               OTHER
//
// Units: the unit of a bucket is the first known unit name in its balances, then in its counters (minutes, megabytes:
// the table is in unit.go); otherwise MESSAGE for SMS and MMS, and CURRENCY for MONEY. A balance or counter without
// units, or with "none", has the unit of its bucket. An unknown name leaves the unit null. The name is stored as it
// came.
//
// Sentinels: "infinity", in any case, is unlimited and has no amount. 999999 messages are unlimited, as in the page's
// sample, and the amount is stored. The page's 99999 applies to ThresholdLimit only, which has no column. Other numbers
// are amounts. The remaining amount of a bucket is that of the balance whose IsCurrentPeriod is true, if there is
// exactly one. A bucket is unlimited where its AvailableAmount is or, where that is absent, where the current balance
// is.
//
// Characteristics (of a report, a bucket, a balance) and products are stored as they came; those with a column are
// stored there too. The extension holds the rest: an @type other than the page's constant, unknown members, and the
// text of a period's bound that the stored instant does not reproduce.
//
// # Endpoint
//
// Handler answers with the latest report of the subscription that the query identifies. Decisions where the page is
// silent:
//
//   - Checks are made in this order: credentials (401), businessId (400, or 404 for a market that is not served), the
//     headers that PR requires and the query (400). businessId, the values of the headers and the type may be in any
//     case. An undocumented query parameter is ignored, as by Mule.
//   - A number belongs to its latest holder, across all customers (db.Reader.LatestReport). The response is the latest
//     report of the number that belongs to the holder, or an unattributed one that is later than all records of the
//     holder; otherwise the latest report by a subscription id of the holder's subscription from a time in which it had
//     the number. A report of another number is never returned. A report outside the client's scope is not found.
//   - A report belongs to the market that it was imported for, and is not found in another.
//   - A phone number may contain separators, and may have its country code or be a national number of the market. A
//     space at its beginning is an unescaped +. The description repeats the identifier as the client wrote it.
//   - A report without buckets has an empty array. Other members that the source left out are left out.
//
// Documented quirks: refuse (problem.go) writes the code 404 in the body of a 401, and answers an unsupported method
// with 404; rejectOtherMethods writes the other path that the page shows for it; Quantity.with writes "infinity", and
// local writes times without a zone (encode.go); omitzero leaves out a missing bucketBalance and missing units
// (report.go).
package dxp
