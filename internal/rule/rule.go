// Package rule reads the regulations: editions of documents with typed
// parameters, rules as compiled expressions, evidence with possible readings,
// and examples that run as tests. Rules are data, each with its article; no
// threshold, ratio, deadline or step order stands in Go code.
package rule

// Library is every edition known at one moment: built in, recorded and
// overridden. It is immutable and safe for concurrent use.
type Library struct{}
