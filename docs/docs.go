// Package docs carries the documents that the program itself shows.
package docs

import _ "embed"

// Glossary is glossary.md: the field's words, in Vietnamese, English and code.
//
//go:embed glossary.md
var Glossary string
