//go:build !race

package ingest_test

// manyReports is the number of reports in TestOneRecordMovesManyReports, spread over a year.
const manyReports = 10_000
