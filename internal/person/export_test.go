package person

// SetFewNames changes from how many names on search walks them in order.
func SetFewNames(n int) { fewNames = n }

// SetManyUnits changes from how many units on the top of all is not compared
// with them.
func SetManyUnits(n int) { manyUnits = n }

// SetFewHeads changes with up to how many words of the same beginning a search
// merges their names.
func SetFewHeads(n int) { fewHeads = n }

// SetCountLimit changes up to where lists count.
func SetCountLimit(n int) { countLimit = n }

// SetImportPart changes how many rows one act of an import records.
func SetImportPart(n int) { importPart = n }

// SetFewUnits changes up to how many units are asked for by name.
func SetFewUnits(n int) { fewUnits = n }

// SetVeryLarge changes from how many members on counts by birth and by
// admission go back from the last day.
func SetVeryLarge(n int64) { veryLarge = n }
