package dxp

import "embed"

// Samples holds the two documents that the page shows, prepaid and postpaid, as sample/*.json.
//
//go:embed sample/*.json
var Samples embed.FS
