package elevate

import "embed"

// Samples holds the sample document of the page, as sample/*.json.
//
//go:embed sample/*.json
var Samples embed.FS
