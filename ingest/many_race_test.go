//go:build race

package ingest_test

// manyReports is how many reports of one number TestOneRecordMovesManyReports stores under the race detector.
const manyReports = 1_000
