// Package vn holds what is peculiar to Vietnamese paper: the order of names by
// given name, folding for search, one spelling of a name, dates as offices
// write them, and working days by a dated holiday table.
package vn
