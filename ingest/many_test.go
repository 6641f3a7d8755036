//go:build !race

package ingest_test

// manyReports is how many reports of one number TestOneRecordMovesManyReports stores, over a year.
const manyReports = 10_000
