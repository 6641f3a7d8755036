package brm

import "embed"

// Samples holds the document that the page shows, as sample/*.json.
//
//go:embed sample/*.json
var Samples embed.FS
