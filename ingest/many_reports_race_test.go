//go:build race

package ingest_test

// manyReports is the number of reports in TestOneRecordMovesManyReports under the race detector.
const manyReports = 1_000
