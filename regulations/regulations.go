// Package regulations holds the rules themselves: one YAML file per edition of
// a document. See docs/adding-a-regulation.md for the form of a file.
package regulations

import "embed"

// FS is every regulation file that ships with the program.
//
//go:embed released.sum */*.yaml
var FS embed.FS
