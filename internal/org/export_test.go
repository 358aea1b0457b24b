package org

// SetMuchLarger changes from how many statements for a line of a list on the
// whole record is not read.
func SetMuchLarger(n int) { muchLarger = n }
