// Package rule reads the regulations: editions of documents with typed
// parameters, rules as compiled expressions, evidence with possible readings,
// and examples that run as tests. Rules are data, each with its article; no
// threshold, ratio, deadline or step order stands in Go code.
//
// A Library holds every edition known; Library.For binds one kind of contest
// on one day into a Book, whose rules are asked with Inputs and answer with
// verdicts. An unverified item has several readings: Book.Open lists them and
// Book.With gives the book under another one, so that the counting code stops
// only where the readings really differ.
package rule
