package person

// SetFewNames changes from how many names on search walks them in order.
func SetFewNames(n int) { fewNames = n }
