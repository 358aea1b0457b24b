// Package vote counts: from the figures of one contest and the rules in force
// on its day to a verdict. Exact integers and fractions, no floats.
package vote
